package io.backgroundjobs.benchmarks;

import java.util.concurrent.CountDownLatch;

/**
 * Work that was handed over and waits.
 */
interface Backlog {

	/**
	 * Hand one piece over.
	 */
	void add(Runnable work);

	/**
	 * Forget all of it.
	 * @return how many pieces were forgotten
	 */
	int cancel();

	/**
	 * Forget all of it and end, without waiting for what goes on.
	 * @return how many pieces were forgotten
	 */
	int stop();

	/**
	 * Take the place of work that waits, until the thread is interrupted.
	 * @param taken told once the place is taken
	 */
	static void block(CountDownLatch taken) {
		taken.countDown();
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
