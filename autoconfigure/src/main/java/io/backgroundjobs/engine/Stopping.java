package io.backgroundjobs.engine;

/**
 * What runs know of a shutdown, and tell it.
 */
interface Stopping {

	/**
	 * Whether the scheduler shuts down or is shut down.
	 */
	boolean isStopping();

	/**
	 * Whether a run that waits for a later time must be dropped.
	 * @param due when its time comes; nanoseconds of the clock
	 */
	boolean drops(JobRun<?> run, long due);

	/**
	 * A run is about to end. Called before it leaves its venue, or under the lock under
	 * which it does, so that a drain that does not find it there waits for its end.
	 */
	void ending();

	/**
	 * A run ends. Called before it leaves its venue, so that it is always in one of the
	 * two.
	 * @param withdrawn whether no thread had taken it, or not again
	 */
	void ended(JobRun<?> run, int phase, boolean withdrawn, long ran);

	/**
	 * Others can see the end of a run. Called once after each {@link #ending}.
	 */
	void published();

	/**
	 * A run has left its venue, or a thread has told all about it.
	 */
	void left();

}
