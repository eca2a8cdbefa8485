package io.backgroundjobs.engine;

import java.io.Serial;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * The lock of a pool. It is held for some ten nanoseconds at a time, so that whoever
 * finds it taken does better to look again a few times than to go to sleep. It cannot be
 * taken twice, and does not know who has it: each of that would cost another write to
 * memory that threads share.
 */
class PoolLock {

	private static final int LOOKS = 100;

	private final Sync sync = new Sync();

	void lock() {
		for (int looks = 0; looks < LOOKS; looks++) {
			if (this.sync.tryAcquire(1)) {
				return;
			}
			Thread.onSpinWait();
		}
		this.sync.acquire(1);
	}

	void unlock() {
		this.sync.release(1);
	}

	private static final class Sync extends AbstractQueuedSynchronizer {

		@Serial
		private static final long serialVersionUID = 1L;

		@Override
		protected boolean tryAcquire(int ignored) {
			return getState() == 0 && compareAndSetState(0, 1);
		}

		@Override
		protected boolean tryRelease(int ignored) {
			setState(0);
			return true;
		}

	}

}
