package io.backgroundjobs;

/**
 * What a periodic job does when the clock reached an instant only after the next one was
 * due, for example after a long pause of the process.
 *
 * @since 1.0.0
 */
public enum MissedRunPolicy {

	/**
	 * Run none of the missed instants.
	 */
	SKIP,

	/**
	 * Run the latest of them at once; a fixed rate counts on from that run.
	 */
	RUN_ONCE,

	/**
	 * Run the latest of them, one after the other, up to the job's catch-up limit.
	 */
	CATCH_UP

}
