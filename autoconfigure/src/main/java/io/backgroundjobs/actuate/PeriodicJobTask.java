package io.backgroundjobs.actuate;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.config.TaskExecutionOutcome;
import org.springframework.scheduling.config.TaskExecutionOutcome.Status;
import org.springframework.scheduling.config.TriggerTask;
import org.springframework.scheduling.support.CronTrigger;
import org.springframework.scheduling.support.PeriodicTrigger;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobCancelledException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;

/**
 * A periodic job in Spring's terms: its schedule as a trigger that Boot knows how to
 * describe, and its last run.
 */
final class PeriodicJobTask extends TriggerTask {

	private final PeriodicJobHandle handle;

	PeriodicJobTask(PeriodicJobHandle handle) {
		super(new Named(handle.name()), trigger(handle.spec()));
		this.handle = handle;
	}

	@Override
	public TaskExecutionOutcome getLastExecutionOutcome() {
		Job<?> run = this.handle.lastRun();
		if (run == null) {
			return super.getLastExecutionOutcome();
		}
		JobState state = run.state();
		return new TaskExecutionOutcome(run.startedAt(), status(state), failure(run, state));
	}

	private static Status status(JobState state) {
		return switch (state) {
			case SCHEDULED, PENDING, RUNNING -> Status.STARTED;
			case SUCCEEDED -> Status.SUCCESS;
			case FAILED, CANCELLED -> Status.ERROR;
		};
	}

	private static @Nullable Throwable failure(Job<?> run, JobState state) {
		return (state == JobState.CANCELLED) ? new JobCancelledException(String.valueOf(run.cancelReason()))
				: run.failure();
	}

	private static Trigger trigger(PeriodicJobSpec spec) {
		JobSchedule schedule = spec.schedule();
		if (schedule instanceof JobSchedule.FixedRate rate) {
			return interval(rate.every(), true, spec.initialDelay());
		}
		if (schedule instanceof JobSchedule.FixedDelay delay) {
			return interval(delay.delay(), false, spec.initialDelay());
		}
		if (schedule instanceof JobSchedule.Cron cron) {
			return new CronTrigger(cron.expression(), cron.zone());
		}
		if (schedule instanceof JobSchedule.Custom custom) {
			return custom.trigger();
		}
		throw new IllegalArgumentException("The periodic job '" + spec.name() + "' never runs by itself");
	}

	private static Trigger interval(Duration interval, boolean fixedRate, @Nullable Duration initialDelay) {
		PeriodicTrigger trigger = new PeriodicTrigger(interval);
		trigger.setFixedRate(fixedRate);
		if (initialDelay != null) {
			trigger.setInitialDelay(initialDelay);
		}
		return trigger;
	}

	/**
	 * Stands for the body, which Spring must not run.
	 *
	 * @param name the name of the job
	 */
	private record Named(String name) implements Runnable {

		@Override
		public void run() {
			throw new UnsupportedOperationException(
					"The periodic job '" + this.name + "' runs by itself. PeriodicJobHandle.trigger() runs it now");
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
