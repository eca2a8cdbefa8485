package io.backgroundjobs.engine;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContextHolder;

/**
 * A thread of a pool: carries out one run after the other, and ends when it has had
 * nothing to do for a while.
 */
final class Worker implements Runnable {

	private final Workers workers;

	/** Set by the thread itself before it rests for the first time. */
	private volatile @Nullable Thread thread;

	/** Written under the pool's lock. */
	private volatile boolean resting;

	/** Confined to the thread itself. */
	private boolean ending;

	Worker(Workers workers) {
		this.workers = workers;
	}

	@Override
	public void run() {
		this.thread = Thread.currentThread();
		JobRun<?> run = this.workers.arrive(this);
		JobRun<?> before = null;
		while (run != null) {
			JobRun<?> next = Attempt.carryOut(run, before);
			// Whatever a body did to its own thread is not for the next one.
			Thread.interrupted();
			before = (next != null) ? run : null;
			run = (next != null) ? next : this.workers.next(this);
		}
		JobContextHolder.setContext(null);
	}

	/**
	 * Wait to be called. This is the one wait that is not the clock's: a timer for each
	 * rest would wake one thread to wake another.
	 * @param keepAlive how long at most, in nanoseconds
	 */
	void rest(long keepAlive) {
		JobContextHolder.setContext(null);
		long deadline = System.nanoTime() + keepAlive;
		long remaining = keepAlive;
		while (this.resting && remaining > 0) {
			LockSupport.parkNanos(this, remaining);
			// Whoever kept our thread may interrupt it; there is nothing here to
			// interrupt.
			Thread.interrupted();
			remaining = deadline - System.nanoTime();
		}
	}

	void resting() {
		this.resting = true;
	}

	boolean isResting() {
		return this.resting;
	}

	void called() {
		this.resting = false;
	}

	void end() {
		this.ending = true;
	}

	boolean isEnding() {
		return this.ending;
	}

	/**
	 * Wake the thread.
	 * @return {@code false} if there is none yet
	 */
	boolean wake() {
		LockSupport.unpark(this.thread);
		return this.thread != null;
	}

}
