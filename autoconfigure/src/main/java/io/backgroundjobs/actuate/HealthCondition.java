package io.backgroundjobs.actuate;

/**
 * What can be wrong with the jobs of an application.
 *
 * @since 1.0.0
 */
public enum HealthCondition {

	/** A periodic job should have started long ago. */
	OVERDUE,

	/** The last runs of a periodic job have failed. */
	FAILING,

	/** A body has ignored its interrupt for long. */
	STUCK,

	/** A pool has had no place for a job for long. */
	SATURATED,

	/** The database of the durable jobs does not answer. */
	UNAVAILABLE

}
