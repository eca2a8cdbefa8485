package io.backgroundjobs.actuate;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;

/**
 * Steers a scheduler on somebody's behalf. What is done is logged, with who did it and
 * what was there before.
 */
final class JobCommands {

	/** How long a note may be. */
	static final int MAX_NOTE = 500;

	private final BackgroundJobScheduler scheduler;

	private final JobLookup lookup;

	private final OperatorLog log;

	JobCommands(BackgroundJobScheduler scheduler, OperatorLog log) {
		this.scheduler = scheduler;
		this.lookup = new JobLookup(scheduler);
		this.log = log;
	}

	Job<?> trigger(String name) {
		PeriodicJobHandle handle = this.lookup.periodicJob(name);
		Job<?> job;
		try {
			job = handle.trigger();
		}
		catch (JobRejectedException ex) {
			throw RequestProblem.rejected(ex);
		}
		catch (IllegalStateException ex) {
			throw RequestProblem.notFound("There is no periodic job '" + name + "' any more");
		}
		this.log.add("triggered the periodic job '{}': job {}", name, job.id());
		return job;
	}

	void pause(String name, @Nullable String note) {
		PeriodicJobHandle handle = this.lookup.periodicJob(name);
		String before = was(handle.isPaused());
		handle.pause(this.log.by(), checked(note));
		this.log.add("paused the periodic job '{}', which was {}{}", name, before, quoted(note));
	}

	void resume(String name, @Nullable String note) {
		PeriodicJobHandle handle = this.lookup.periodicJob(name);
		String before = was(handle.isPaused());
		handle.resume(this.log.by(), checked(note));
		this.log.add("resumed the periodic job '{}', which was {}{}", name, before, quoted(note));
	}

	void reschedule(String name, ScheduleRequest request) {
		PeriodicJobHandle handle = this.lookup.periodicJob(name);
		JobSchedule before = handle.spec().schedule();
		JobSchedule schedule = configured(() -> {
			JobSchedule wanted = request.read(before);
			handle.reschedule(wanted);
			return wanted;
		});
		this.log.add("rescheduled the periodic job '{}' from '{}' to '{}'", name, before, schedule);
	}

	Job<?> cancel(String id) {
		Job<?> job = this.lookup.job(id);
		JobState before = job.state();
		if (!job.cancel()) {
			throw RequestProblem.conflict(
					job.state().isEnded() ? "Job '" + id + "' has ended already: " + JobDescriptor.text(job.state())
							: "Job '" + id + "' is shielded, or is being cancelled already");
		}
		this.log.add("cancelled the job '{}' with the id {}, which was {}", job.name(), id, JobDescriptor.text(before));
		return job;
	}

	CancelledDescriptor cancelAll(String pool) {
		this.lookup.pool(pool);
		int cancelled = this.scheduler.cancelAll(pool);
		this.log.add("cancelled the jobs of the pool '{}': {} of them", pool, cancelled);
		return new CancelledDescriptor(pool, cancelled);
	}

	void resizePool(String pool, int limit) {
		int before = this.lookup.pool(pool).limit();
		configured(() -> {
			this.scheduler.resizePool(pool, limit);
			return limit;
		});
		this.log.add("resized the pool '{}' from {} to {}", pool, before, limit);
	}

	void pausePool(String pool, @Nullable String note) {
		String before = was(this.lookup.pool(pool).paused());
		this.scheduler.pausePool(pool, this.log.by(), checked(note));
		this.log.add("paused the pool '{}', which was {}{}", pool, before, quoted(note));
	}

	void resumePool(String pool, @Nullable String note) {
		String before = was(this.lookup.pool(pool).paused());
		this.scheduler.resumePool(pool, this.log.by(), checked(note));
		this.log.add("resumed the pool '{}', which was {}{}", pool, before, quoted(note));
	}

	private static String was(boolean paused) {
		return paused ? "paused" : "not paused";
	}

	private static String quoted(@Nullable String note) {
		return (note != null) ? ": " + note : "";
	}

	private static @Nullable String checked(@Nullable String note) {
		if (note != null && note.length() > MAX_NOTE) {
			throw RequestProblem
				.badRequest("'note' has " + note.length() + " characters. It may have " + MAX_NOTE + " at most");
		}
		return note;
	}

	private static <T> T configured(Supplier<T> change) {
		try {
			return change.get();
		}
		catch (JobConfigurationException ex) {
			throw RequestProblem.badRequest(ex);
		}
	}

}
