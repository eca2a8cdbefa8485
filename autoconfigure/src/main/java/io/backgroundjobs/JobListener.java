package io.backgroundjobs;

/**
 * A bean that is told of each job's turns. Called outside of all locks, on the thread
 * that brings the turn about, or on a thread of its own where the clock does; never on
 * the clock's thread. What it throws is logged and changes nothing. Must be thread-safe.
 *
 * @since 1.0.0
 */
public interface JobListener {

	/**
	 * A spawned job was accepted. Runs of periodic jobs are not spawned: they are first
	 * told of when they start.
	 * @param job the job; it may have gone on already
	 */
	default void accepted(Job<?> job) {
	}

	/**
	 * An attempt starts, on the calling thread.
	 * @param job the job
	 */
	default void started(Job<?> job) {
	}

	/**
	 * An attempt failed, and another one will follow. The attempt's place is still held
	 * and is not lent: waiting here for a job of the same pool may wait forever.
	 * @param job the job
	 * @param failure what the attempt threw, or a {@link JobTimeoutException}
	 */
	default void attemptFailed(Job<?> job, Throwable failure) {
	}

	/**
	 * A job has ended.
	 * @param job the job; {@link Job#outcome()} and {@link Job#failure()} say how
	 */
	default void ended(Job<?> job) {
	}

	/**
	 * A body that was inside when its job's outcome was set, by a timeout, a cancel or
	 * the shutdown, has left.
	 * @param job the job, which had ended before
	 */
	default void overrunLeft(Job<?> job) {
	}

	/**
	 * A periodic job was removed because its target executor had been shut down.
	 * @param handle the handle
	 */
	default void executorGone(PeriodicJobHandle handle) {
	}

}
