package io.backgroundjobs.benchmarks;

/**
 * How much time may be spent.
 */
enum Effort {

	/** As long as the figures need. */
	FULL,

	/** Just enough to see that everything runs; the figures mean nothing. */
	SMOKE;

	/**
	 * Choose by effort.
	 */
	int of(int full, int smoke) {
		return (this == FULL) ? full : smoke;
	}

}
