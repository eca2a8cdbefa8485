package io.backgroundjobs;

import java.util.Locale;

/**
 * What became of one tick. Each instant that a schedule names ends in exactly one of
 * these, so that the counts of a periodic job add up to the instants named.
 * {@link #toString()} is the value of the {@code result} tag.
 *
 * @since 1.0.0
 */
public enum TickResult {

	/**
	 * The body was started for it.
	 */
	RAN,

	/**
	 * An earlier run had not ended, and the job's {@link OverlapPolicy} left no room.
	 */
	OVERLAP,

	/**
	 * The job was paused.
	 */
	PAUSED,

	/**
	 * The clock reached it only after the next instant was due.
	 */
	MISSED,

	/**
	 * The queue was full; only with {@link OverlapPolicy#CONCURRENT}, or where a target
	 * executor refused the run.
	 */
	POOL_FULL,

	/**
	 * The scheduler was shutting down.
	 */
	STOPPING,

	/**
	 * Another instance of the application runs it; only in {@link JobScope#CLUSTER}.
	 */
	HELD_ELSEWHERE,

	/**
	 * Its run was cancelled before it started.
	 */
	CANCELLED,

	/**
	 * The target executor had been shut down; the job is removed.
	 */
	EXECUTOR_GONE;

	private final String value = name().toLowerCase(Locale.ROOT).replace('_', '-');

	@Override
	public String toString() {
		return this.value;
	}

}
