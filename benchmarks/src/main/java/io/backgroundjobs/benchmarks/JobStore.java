package io.backgroundjobs.benchmarks;

/**
 * Keeps jobs until one of its ten threads has done them.
 */
@FunctionalInterface
interface JobStore extends AutoCloseable {

	/** How many threads, or places, each store has. */
	int THREADS = 10;

	/**
	 * Add a job that {@linkplain Arrivals#arrive arrives}, due at once.
	 * @param number its number
	 * @throws Exception if it was not added
	 */
	void add(long number) throws Exception;

	/**
	 * End the threads.
	 */
	@Override
	default void close() throws Exception {
	}

}
