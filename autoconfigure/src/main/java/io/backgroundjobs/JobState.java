package io.backgroundjobs;

/**
 * The states of a {@link Job}. A job starts in {@link #SCHEDULED} or {@link #PENDING} and
 * ends in exactly one of {@link #SUCCEEDED}, {@link #FAILED} and {@link #CANCELLED}; an
 * ended job never changes again.
 *
 * @since 1.0.0
 */
public enum JobState {

	/**
	 * Accepted for later: delayed, waiting for a commit, or before its next attempt.
	 * Holds neither a thread nor a place.
	 */
	SCHEDULED,

	/**
	 * Due, and waiting for a place in its pool.
	 */
	PENDING,

	/**
	 * Holds a place; its body runs, or the stage that it returned has not completed.
	 */
	RUNNING,

	/**
	 * The body returned.
	 */
	SUCCEEDED,

	/**
	 * The last attempt threw or timed out.
	 */
	FAILED,

	/**
	 * Ended by somebody else: a caller, a policy or the shutdown.
	 * {@link Job#cancelReason()} says which.
	 */
	CANCELLED;

	/**
	 * Whether this state is final.
	 * @return whether a job in this state has ended
	 */
	public boolean isEnded() {
		return this == SUCCEEDED || this == FAILED || this == CANCELLED;
	}

}
