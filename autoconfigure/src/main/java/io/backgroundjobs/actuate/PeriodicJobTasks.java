package io.backgroundjobs.actuate;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJobHandle;

/**
 * Shows the periodic jobs to Boot's endpoint {@code scheduledtasks}, as they are at the
 * moment of each call. It runs nothing, and neither does Spring: what is scheduled here
 * is taken note of and not carried out.
 *
 * @since 1.0.0
 */
public final class PeriodicJobTasks implements ScheduledTaskHolder {

	private final BackgroundJobScheduler scheduler;

	/**
	 * Create the holder.
	 * @param scheduler whose periodic jobs are shown
	 */
	public PeriodicJobTasks(BackgroundJobScheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Return one task for each periodic job that ticks.
	 * @return the tasks; new ones at each call
	 */
	@Override
	public Set<ScheduledTask> getScheduledTasks() {
		Set<ScheduledTask> tasks = new LinkedHashSet<>();
		for (PeriodicJobHandle handle : this.scheduler.periodicJobs()) {
			JobSchedule schedule = handle.spec().schedule();
			if (handle.spec().isEnabled() && !(schedule instanceof JobSchedule.Never)) {
				tasks.add(task(handle));
			}
		}
		return tasks;
	}

	/**
	 * Only a registrar can make a task, and only what its scheduler returns tells the
	 * next execution.
	 */
	private static ScheduledTask task(PeriodicJobHandle handle) {
		ScheduledTaskRegistrar registrar = new ScheduledTaskRegistrar();
		registrar.setTaskScheduler(new NextRunScheduler(handle));
		return Objects.requireNonNull(registrar.scheduleTriggerTask(new PeriodicJobTask(handle)));
	}

}
