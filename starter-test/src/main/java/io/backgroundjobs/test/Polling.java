package io.backgroundjobs.test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for a condition that nobody signals, in real time.
 */
final class Polling {

	private static final long LONGEST_PAUSE = Duration.ofMillis(1).toNanos();

	private Polling() {
	}

	/**
	 * Wait until a condition holds.
	 * @param condition the condition; asked again and again, the longer the wait the less
	 * often
	 * @param timeout how long to wait at most
	 * @return whether it holds
	 * @throws IllegalStateException if the thread is interrupted; the flag stays set
	 */
	static boolean await(BooleanSupplier condition, Duration timeout) {
		long start = System.nanoTime();
		long pause = 1_000;
		while (!condition.getAsBoolean()) {
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("The test was interrupted while it waited for jobs");
			}
			if (System.nanoTime() - start > timeout.toNanos()) {
				return false;
			}
			LockSupport.parkNanos(pause);
			pause = Math.min(2 * pause, LONGEST_PAUSE);
		}
		return true;
	}

}
