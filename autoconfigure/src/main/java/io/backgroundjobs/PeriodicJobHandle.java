package io.backgroundjobs;

import java.time.Instant;
import java.util.List;
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
	 * Let no tick run until {@link #resume()}, and keep a note of it. While the job is
	 * paused already, only the note is replaced.
	 * @param by who pauses the job, or {@code null} to leave that open
	 * @param text why, or {@code null} to leave that open
	 */
	default void pause(@Nullable String by, @Nullable String text) {
		pause();
	}

	/**
	 * Let ticks run again. Nothing is made up.
	 */
	void resume();

	/**
	 * Let ticks run again, and keep a note of it. Nothing is made up.
	 * @param by who resumes the job, or {@code null} to leave that open
	 * @param text why, or {@code null} to leave that open
	 */
	default void resume(@Nullable String by, @Nullable String text) {
		resume();
	}

	/**
	 * Whether ticks are held back.
	 * @return whether the job is paused
	 */
	boolean isPaused();

	/**
	 * Return what is known of the last pause or resumption.
	 * @return the note, or {@code null} if the job was neither paused nor resumed since
	 * it was added
	 */
	default @Nullable PauseNote pauseNote() {
		return null;
	}

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
	 * Return the next ticks, as far as they are known by now: those of a fixed rate and
	 * of a cron expression, and the next one of all others.
	 * @param count how many at most
	 * @return the instants in their order; the first is {@link #nextRun()}
	 */
	default List<Instant> nextRuns(int count) {
		Instant next = nextRun();
		return (next != null && count > 0) ? List.of(next) : List.of();
	}

	/**
	 * Return the last run.
	 * @return the job of the run that was started last, or {@code null} if there was none
	 */
	@Nullable Job<?> lastRun();

	/**
	 * Return since when a run should have started: the first instant after the start of
	 * the last run for which none has started. Its run may wait, for a place or for the
	 * end of an earlier one; it may have been refused for the same reasons; or the clock
	 * has not come to it. An instant that was missed, or whose run was cancelled, does
	 * not count, and a run by {@link #trigger()} counts as any other.
	 * @return the instant, or {@code null} if the job is not overdue, as one that does
	 * not tick or is paused never is
	 */
	default @Nullable Instant overdueSince() {
		return null;
	}

	/**
	 * Return how many of the last runs have failed or timed out since one succeeded. Runs
	 * that were cancelled make no difference.
	 * @return the number of runs; attempts that were followed by another one do not count
	 */
	default int failuresInARow() {
		return 0;
	}

	/**
	 * Return what became of the ticks.
	 * @return the count of each result; results that never occurred count 0
	 */
	Map<TickResult, Long> ticks();

}
