package io.backgroundjobs;

/**
 * On how many instances of an application a periodic job runs.
 *
 * @since 1.0.0
 */
public enum JobScope {

	/**
	 * Each instance runs each tick.
	 */
	INSTANCE,

	/**
	 * One instance runs each tick. Needs the durable engine.
	 */
	CLUSTER

}
