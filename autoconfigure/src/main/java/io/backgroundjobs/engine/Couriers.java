package io.backgroundjobs.engine;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that call code of the user on behalf of the clock, which must not wait for
 * anybody: listeners after a timeout, retry policies, target executors. There are as many
 * as are needed at once, usually none.
 */
final class Couriers {

	private static final long KEEP_ALIVE_SECONDS = 60;

	private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS,
			TimeUnit.SECONDS, new SynchronousQueue<>(), WorkerThreads.platform("background-jobs-courier-"));

	void send(Runnable errand) {
		this.threads.execute(errand);
	}

	/**
	 * Let idle threads end now. What is under way goes on, and new errands are still run.
	 */
	void dismiss() {
		this.threads.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
		this.threads.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
	}

}
