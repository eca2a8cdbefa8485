package io.backgroundjobs.test;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What drives timers once time is real: a daemon thread that ends when it has had nothing
 * to do for a second. Thread-safe.
 */
final class RealTimers {

	private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "virtual-time-gone-real");
		thread.setDaemon(true);
		return thread;
	});

	private final long virtualOrigin;

	private final long realOrigin = System.nanoTime();

	RealTimers(long virtualOrigin) {
		this.virtualOrigin = virtualOrigin;
		this.executor.setRemoveOnCancelPolicy(true);
		this.executor.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.executor.allowCoreThreadTimeOut(true);
	}

	long nanoTime() {
		return this.virtualOrigin + (System.nanoTime() - this.realOrigin);
	}

	ScheduledFuture<?> schedule(Runnable task, long delay) {
		return this.executor.schedule(task, delay, TimeUnit.NANOSECONDS);
	}

	void clear() {
		this.executor.getQueue().clear();
	}

}
