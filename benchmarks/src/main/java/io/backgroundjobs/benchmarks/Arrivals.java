package io.backgroundjobs.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which jobs of a batch have been done, and how often. The bodies find it by a static
 * method: a store keeps names and numbers, no objects.
 */
public final class Arrivals {

	private static volatile Arrivals current = new Arrivals(0, 0);

	private final long first;

	private final AtomicIntegerArray runs;

	private final CountDownLatch missing;

	private Arrivals(long first, int count) {
		this.first = first;
		this.runs = new AtomicIntegerArray(count);
		this.missing = new CountDownLatch(count);
	}

	/**
	 * Expect jobs from now on.
	 * @param first the number of the first one
	 * @param count how many there are
	 */
	static Arrivals expect(long first, int count) {
		Arrivals arrivals = new Arrivals(first, count);
		current = arrivals;
		return arrivals;
	}

	/**
	 * The body of a job.
	 * @param number the number of the job
	 */
	public static void arrive(long number) {
		Arrivals arrivals = current;
		if (arrivals.runs.getAndIncrement((int) (number - arrivals.first)) == 0) {
			arrivals.missing.countDown();
		}
	}

	/**
	 * Wait until all have arrived, or until time is up.
	 * @return how many were done once and only once
	 */
	int await(int seconds) throws InterruptedException {
		if (!this.missing.await(seconds, TimeUnit.SECONDS)) {
			System.err.println(this.missing.getCount() + " jobs have not been done after " + seconds + " s");
		}
		int once = 0;
		for (int i = 0; i < this.runs.length(); i++) {
			once += (this.runs.get(i) == 1) ? 1 : 0;
		}
		return once;
	}

}
