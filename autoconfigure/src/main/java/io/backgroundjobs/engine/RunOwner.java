package io.backgroundjobs.engine;

/**
 * Whoever must know how a run goes on: its periodic job, or its key. Called outside of
 * all locks; of a run that somebody else ends, {@code ended} and {@code left} may come in
 * either order.
 */
interface RunOwner {

	/**
	 * The first attempt is about to start.
	 */
	default void starting(JobRun<?> run) {
	}

	/**
	 * The outcome is set, and those who wait for the run do not know yet.
	 * @param phase the final phase
	 */
	default void ended(JobRun<?> run, int phase) {
	}

	/**
	 * The run has ended and its body, if it had started, has left.
	 */
	default void left(JobRun<?> run) {
	}

}
