package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that call code of the user on behalf of the clock, which must not wait for
 * anybody: listeners after a timeout, retry policies, target executors. There are as many
 * as are needed at once, usually none.
 */
final class Couriers {

	private final long keepAlive;

	private final ThreadPoolExecutor threads;

	private final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waitingTurns = new AtomicInteger();

	private final AtomicLong sent = new AtomicLong();

	private final AtomicLong done = new AtomicLong();

	Couriers(Duration keepAlive) {
		this.keepAlive = keepAlive.toNanos();
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, this.keepAlive, TimeUnit.NANOSECONDS,
				new SynchronousQueue<>(), WorkerThreads.platform("background-jobs-courier-"));
	}

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

	/**
	 * Send an errand that waits for those sent before by this method. One that never ends
	 * holds up the later ones, and nobody else.
	 */
	void sendInTurn(Runnable errand) {
		this.turns.add(errand);
		if (this.waitingTurns.getAndIncrement() == 0) {
			send(this::runTurns);
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

	private void finish(Runnable errand) {
		try {
			errand.run();
		}
		finally {
			this.done.incrementAndGet();
		}
	}

	private void runTurns() {
		do {
			Runnable errand = this.turns.remove();
			try {
				errand.run();
			}
			catch (Throwable ex) {
				Turns.failed(errand, ex);
			}
		}
		while (this.waitingTurns.decrementAndGet() > 0);
	}

}
