package io.backgroundjobs;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The handle on a periodic job. Thread-safe.
 *
 * @since 1.0.0
 */
public interface PeriodicJobHandle {

	/**
	 * Return the name of the job.
	 * @return the name
	 */
	String name();

	/**
	 * Return how the job is scheduled and run, overrides by properties included.
	 * @return the specification
	 */
	PeriodicJobSpec spec();

	/**
	 * Let no tick run until {@link #resume()}. What runs goes on.
	 */
	void pause();

	/**
	 * Let ticks run again. Nothing is made up.
	 */
	void resume();

	/**
	 * Whether ticks are held back.
	 * @return whether the job is paused
	 */
	boolean isPaused();

	/**
	 * Run the job now, also while it is paused or disabled. Not a tick.
	 * @return the run
	 * @throws JobRejectedException if it runs already and its overlap policy leaves no
	 * room ({@link RejectionReason#OVERLAP}), if the pool has no room, or if the
	 * scheduler does not run
	 * @throws IllegalStateException if the job has been removed
	 */
	Job<?> trigger();

	/**
	 * Change the schedule. The next tick is one interval from now, or the first instant
	 * from now on that a cron expression or a trigger names.
	 * @param schedule the new schedule
	 * @throws JobConfigurationException if the schedule cannot work
	 */
	void reschedule(JobSchedule schedule);

	/**
	 * Remove the job: it ticks no more, and its name is free. What runs goes on; what
	 * waits for it to end is cancelled. A second call does nothing.
	 */
	void remove();

	/**
	 * Return the next tick.
	 * @return the instant, or {@code null} if the job is disabled, removed, or waits for
	 * the end of a run to know
	 */
	@Nullable Instant nextRun();

	/**
	 * Return the last run.
	 * @return the job of the run that was started last, or {@code null} if there was none
	 */
	@Nullable Job<?> lastRun();

	/**
	 * Return what became of the ticks.
	 * @return the count of each result; results that never occurred count 0
	 */
	Map<TickResult, Long> ticks();

}
