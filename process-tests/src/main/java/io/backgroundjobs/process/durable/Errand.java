package io.backgroundjobs.process.durable;

import java.util.Random;

/**
 * What a job has to do.
 *
 * @param number which errand it is
 * @param millis how long it works
 * @param failing whether its first attempt fails
 */
public record Errand(long number, long millis, boolean failing) {

	/**
	 * Make up an errand: most are short, some are long, and some fail at first. The same
	 * seed makes the same errand.
	 */
	static Errand random(long number, long seed) {
		Random random = new Random(seed * 31 + number);
		long millis = (random.nextInt(100) == 0) ? 1500 : Math.round(Math.pow(300, random.nextDouble()));
		return new Errand(number, millis, random.nextInt(20) == 0);
	}

}
