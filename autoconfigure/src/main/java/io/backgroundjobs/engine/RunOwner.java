package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

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
	 * An attempt has failed, and another one will follow.
	 */
	default void attemptFailed(JobRun<?> run, Throwable failure) {
	}

	/**
	 * Whether the next attempt is somebody else's, who is told of it.
	 */
	default boolean waitsElsewhere() {
		return false;
	}

	/**
	 * The body of a failed attempt has left, and the run with it: the next attempt is
	 * somebody else's.
	 * @param delay how long that has to wait, in nanoseconds
	 */
	default void goesElsewhere(JobRun<?> run, long delay) {
	}

	/**
	 * The outcome is set, and those who wait for the run do not know yet.
	 * @param phase the final phase
	 * @param value the result, the failure or the reason
	 */
	default void ended(JobRun<?> run, int phase, @Nullable Object value) {
	}

	/**
	 * The run has ended and its body, if it had started, has left.
	 */
	default void left(JobRun<?> run) {
	}

}
