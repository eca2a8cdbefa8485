package io.backgroundjobs.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts changes, so that a thread can wait for the next one and miss none. Whoever waits
 * says so before it looks at the count, and whoever changes counts before it looks
 * whether anybody waits: one of the two sees the other.
 */
final class Changes {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final AtomicLong count = new AtomicLong();

	/** How many threads wait. */
	private final AtomicInteger waiting = new AtomicInteger();

	/**
	 * Something has changed. Takes no lock where nobody waits: twenty thousand jobs may
	 * be dropped one after the other.
	 */
	void signal() {
		this.count.incrementAndGet();
		if (this.waiting.get() > 0) {
			wake();
		}
	}

	private void wake() {
		this.lock.lock();
		try {
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
		return this.count.get();
	}

	/**
	 * Wait for a change that was not seen, but not longer than some nanoseconds.
	 * @return whether the thread was interrupted
	 */
	boolean await(long seen, long nanos) {
		this.lock.lock();
		try {
			this.waiting.incrementAndGet();
			long remaining = nanos;
			while (this.count.get() == seen && remaining > 0) {
				remaining = this.changed.awaitNanos(remaining);
			}
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
		finally {
			this.waiting.decrementAndGet();
			this.lock.unlock();
		}
	}

}
