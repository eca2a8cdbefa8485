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
	 * A run ends. Called before it leaves its venue, so that it is always in one of the
	 * two.
	 */
	void ended(JobRun<?> run, int phase, long ran);

	/**
	 * Others can see the end of a run. Called once after each {@link #ended}.
	 */
	void published();

	/**
	 * A run has left its venue, or a thread has told all about it.
	 */
	void left();

}
