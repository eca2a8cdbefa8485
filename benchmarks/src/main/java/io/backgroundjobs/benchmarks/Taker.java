package io.backgroundjobs.benchmarks;

/**
 * Whoever takes work and carries it out on threads of its own.
 */
@FunctionalInterface
interface Taker extends AutoCloseable {

	/**
	 * Hand work over.
	 * @throws Exception if it was not taken
	 */
	void take(Runnable work) throws Exception;

	/**
	 * End the threads.
	 */
	@Override
	default void close() {
	}

	/**
	 * Make one of two functions.
	 */
	static Taker of(Taker taker, Runnable close) {
		return new Taker() {

			@Override
			public void take(Runnable work) throws Exception {
				taker.take(work);
			}

			@Override
			public void close() {
				close.run();
			}

		};
	}

}
