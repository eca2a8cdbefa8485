package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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

	Couriers(Duration keepAlive) {
		this.keepAlive = keepAlive.toNanos();
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, this.keepAlive, TimeUnit.NANOSECONDS,
				new SynchronousQueue<>(), WorkerThreads.platform("background-jobs-courier-"));
	}

	void send(Runnable errand) {
		this.threads.execute(errand);
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
	 * Let idle threads end now. What is under way goes on, and new errands are still run.
	 */
	void dismiss() {
		this.threads.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
		this.threads.setKeepAliveTime(this.keepAlive, TimeUnit.NANOSECONDS);
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
