package io.backgroundjobs.engine;

import java.util.concurrent.Semaphore;

/**
 * What a test's bodies stop at: tells the test that a body is inside, and keeps it there
 * until the test lets it go.
 */
public final class Gate {

	private final Semaphore entered = new Semaphore(0);

	private final Semaphore open = new Semaphore(0);

	/**
	 * Stop here, as a body that heeds its interrupt.
	 */
	public void pass() throws InterruptedException {
		this.entered.release();
		this.open.acquire();
	}

	/**
	 * Stop here, as a body that ignores its interrupt.
	 * @return whether it was interrupted
	 */
	public boolean passUninterrupted() {
		this.entered.release();
		this.open.acquireUninterruptibly();
		return Thread.interrupted();
	}

	/**
	 * Wait until so many bodies more are inside.
	 */
	public void awaitEntered(int count) throws InterruptedException {
		this.entered.acquire(count);
	}

	/**
	 * Return how many bodies are or were inside that nobody has waited for.
	 */
	int entered() {
		return this.entered.availablePermits();
	}

	/**
	 * Let so many bodies go.
	 */
	public void open(int count) {
		this.open.release(count);
	}

}
