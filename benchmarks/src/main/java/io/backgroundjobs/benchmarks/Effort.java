package io.backgroundjobs.benchmarks;

/**
 * How much time may be spent.
 */
enum Effort {

	/** As long as the figures need. */
	FULL,

	/** As long, in the JVM that was started for it: that one takes notes. */
	PROFILE,

	/** Just enough to see that everything runs; the figures mean nothing. */
	SMOKE;

	/**
	 * Choose by effort.
	 */
	int of(int full, int smoke) {
		return (this == SMOKE) ? smoke : full;
	}

}
