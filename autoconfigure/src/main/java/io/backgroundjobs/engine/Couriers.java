package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that call code of the user on behalf of the clock, which must not wait for
 * anybody: listeners after a timeout, retry policies, target executors. There are as many
 * as are needed at once, usually none.
 */
final class Couriers {

	private final long keepAlive;

	private final ThreadPoolExecutor threads;

	Couriers(Duration keepAlive) {
		this.keepAlive = keepAlive.toNanos();
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, this.keepAlive, TimeUnit.NANOSECONDS,
				new SynchronousQueue<>(), WorkerThreads.platform("background-jobs-courier-"));
	}

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong done = new AtomicLong();

	void send(Runnable errand) {
		this.sent.incrementAndGet();
		try {
			this.threads.execute(() -> finish(errand));
		}
		catch (Throwable ex) {
			this.done.incrementAndGet();
			throw ex;
		}
	}

	/**
	 * Do an errand on the calling thread, which is not one of the engine's.
	 */
	void doHere(Runnable errand) {
		this.sent.incrementAndGet();
		finish(errand);
	}

	/**
	 * Return how many errands there ever were.
	 */
	long sent() {
		return this.sent.get();
	}

	boolean isIdle() {
		// Read first, so that an errand that is sent meanwhile counts as not done
		long done = this.done.get();
		return done == this.sent.get();
	}

	private void finish(Runnable errand) {
		try {
			errand.run();
		}
		finally {
			this.done.incrementAndGet();
		}
	}

	/**
	 * Let threads end as soon as they are idle. What is under way goes on, and new
	 * errands are still run.
	 */
	void dismiss() {
		this.threads.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
	}

	/**
	 * Keep idle threads for a while again. Not part of {@link #dismiss()}: a thread that
	 * it woke would read the longer time and rest on.
	 */
	void retain() {
		this.threads.setKeepAliveTime(this.keepAlive, TimeUnit.NANOSECONDS);
	}

}
