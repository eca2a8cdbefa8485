package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that call code of the user on behalf of the clock, which must not wait for
 * anybody: listeners after a timeout, retry policies, target executors. There are as many
 * as are needed at once, usually none.
 */
final class Couriers {

	private static final Logger logger = LoggerFactory.getLogger(Couriers.class);

	private final long keepAlive;

	private final ThreadPoolExecutor threads;

	private final Turn tells = new Turn();

	private final Turn cancels = new Turn();

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong done = new AtomicLong();

	Couriers(Duration keepAlive) {
		this(keepAlive, WorkerThreads.platform("background-jobs-courier-"));
	}

	Couriers(Duration keepAlive, ThreadFactory factory) {
		this.keepAlive = keepAlive.toNanos();
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, this.keepAlive, TimeUnit.NANOSECONDS,
				new SynchronousQueue<>(), factory);
	}

	/**
	 * Send an errand. Where no thread can be had for it, the calling one does it: late is
	 * better than never.
	 */
	void send(Runnable errand) {
		this.sent.incrementAndGet();
		try {
			this.threads.execute(() -> finish(errand));
		}
		catch (OutOfMemoryError ex) {
			logger.error("There is no thread for an errand of the job engine; thread '{}' does it itself",
					Thread.currentThread().getName(), ex);
			finish(errand);
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

	/**
	 * Send an errand that waits for those sent before by this method. One that never ends
	 * holds up the later ones, and nobody else.
	 */
	void sendInTurn(Runnable errand) {
		this.tells.add(errand);
	}

	/**
	 * The same for what asks asynchronous work to stop, with a turn of its own.
	 */
	void cancelInTurn(Runnable errand) {
		this.cancels.add(errand);
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

	private void finish(Runnable errand) {
		try {
			errand.run();
		}
		finally {
			this.done.incrementAndGet();
		}
	}

	/**
	 * Errands that are done one after the other.
	 */
	private final class Turn {

		private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();

		private final AtomicInteger waiting = new AtomicInteger();

		void add(Runnable errand) {
			this.errands.add(errand);
			if (this.waiting.getAndIncrement() == 0) {
				send(this::run);
			}
		}

		private void run() {
			do {
				Runnable errand = this.errands.remove();
				try {
					errand.run();
				}
				catch (Throwable ex) {
					Turns.failed(errand, ex);
				}
			}
			while (this.waiting.decrementAndGet() > 0);
		}

	}

}
