package io.backgroundjobs.engine;

import java.util.function.BooleanSupplier;

/**
 * Waits for what another thread is about to do and tells nobody. The test's timeout ends
 * a wait that is in vain.
 */
final class Eventually {

	private Eventually() {
	}

	static void holds(BooleanSupplier condition) throws InterruptedException {
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new InterruptedException("in vain");
			}
			Thread.yield();
		}
	}

	/**
	 * Wait until a thread waits.
	 */
	static void waits(Thread thread) throws InterruptedException {
		holds(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
	}

}
