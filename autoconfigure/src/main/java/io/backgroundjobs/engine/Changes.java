package io.backgroundjobs.engine;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts changes, so that a thread can wait for the next one and miss none.
 */
final class Changes {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private long count;

	/**
	 * Something has changed.
	 */
	void signal() {
		this.lock.lock();
		try {
			this.count++;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return how many there have been. To be asked before a look at what may change.
	 */
	long count() {
		this.lock.lock();
		try {
			return this.count;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for a change that was not seen, but not longer than some nanoseconds.
	 * @return whether the thread was interrupted
	 */
	boolean await(long seen, long nanos) {
		this.lock.lock();
		try {
			long remaining = nanos;
			while (this.count == seen && remaining > 0) {
				remaining = this.changed.awaitNanos(remaining);
			}
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

}
