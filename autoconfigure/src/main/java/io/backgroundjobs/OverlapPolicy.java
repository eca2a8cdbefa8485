package io.backgroundjobs;

/**
 * What a periodic job does with a tick while an earlier run has not ended. A run that
 * waits for a place or for its next attempt, and a body that ignores its interrupt, have
 * not ended.
 *
 * @since 1.0.0
 */
public enum OverlapPolicy {

	/**
	 * Skip the tick.
	 */
	SKIP,

	/**
	 * Let one run wait until the earlier one has ended; skip further ticks.
	 */
	QUEUE_ONE,

	/**
	 * Run beside it. Such a run queues like a spawned job and can find the queue full.
	 */
	CONCURRENT,

	/**
	 * Cancel the earlier run, and run once its body has left. For a shielded job, which
	 * cannot be cancelled, the same as {@link #QUEUE_ONE}.
	 */
	CANCEL_RUNNING

}
