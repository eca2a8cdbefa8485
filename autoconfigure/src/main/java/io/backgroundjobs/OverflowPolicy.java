package io.backgroundjobs;

/**
 * What a pool does with a job that a thread hands in while its queue is full.
 *
 * @since 1.0.0
 */
public enum OverflowPolicy {

	/**
	 * Let the caller wait for room, first come first served, for at most the pool's
	 * overflow timeout.
	 */
	BLOCK,

	/**
	 * Refuse it with {@link RejectionReason#FULL}.
	 */
	REJECT,

	/**
	 * Run it on the caller's thread; it holds no place there.
	 */
	CALLER_RUNS

}
