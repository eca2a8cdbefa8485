package io.backgroundjobs.engine;

/**
 * What the instances of an application share, so that one of them runs each tick of a
 * periodic job. Thread-safe.
 *
 * @since 1.0.0
 */
public interface ClusterJobs {

	/**
	 * Take part in a job. Nothing of it runs here before {@link ClusterSeat#attend}.
	 * @param work the job
	 * @return this instance's seat
	 */
	ClusterSeat join(ClusterWork work);

}
