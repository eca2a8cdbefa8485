package io.backgroundjobs.durable;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rows that this instance holds for runs that no tick has asked for. Thread-safe.
 */
final class RowHolds {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Set<RowHold> all = new HashSet<>();

	void add(RowHold hold) {
		this.lock.lock();
		try {
			this.all.add(hold);
		}
		finally {
			this.lock.unlock();
		}
	}

	void remove(RowHold hold) {
		this.lock.lock();
		try {
			this.all.remove(hold);
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until all have ended, but no longer than some time: one whose run has not left
	 * does not end.
	 */
	void awaitNone(Duration timeout) {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			while (!this.all.isEmpty() && left > 0) {
				left = this.changed.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

}
