package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Keeps time with a {@link ThreadPoolTaskScheduler}. Timers go to its executor directly:
 * in nanoseconds, and without the wrapper that the scheduler's own methods put around
 * each task.
 */
final class TaskSchedulerClock implements EngineClock {

	private static final Logger logger = LoggerFactory.getLogger(TaskSchedulerClock.class);

	private static final Timer NEVER = () -> {
	};

	private final @Nullable ThreadPoolTaskScheduler given;

	private final long keepAlive;

	private final AlarmQueue alarms = new AlarmQueue(this);

	private volatile @Nullable ThreadPoolTaskScheduler taskScheduler;

	/**
	 * Create a clock.
	 * @param given the scheduler to use; {@code null} to make one
	 * @param keepAlive how long the thread of one that is made stays without a timer
	 */
	TaskSchedulerClock(@Nullable ThreadPoolTaskScheduler given, Duration keepAlive) {
		this.given = given;
		this.keepAlive = keepAlive.toNanos();
		this.taskScheduler = given;
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public Instant instant() {
		return Instant.now();
	}

	@Override
	public Timer schedule(Runnable task, long delay) {
		ThreadPoolTaskScheduler scheduler = this.taskScheduler;
		if (scheduler == null) {
			return NEVER;
		}
		try {
			FutureTimer timer = new FutureTimer(task);
			timer.future = scheduler.getScheduledExecutor().schedule(timer, delay, TimeUnit.NANOSECONDS);
			return timer;
		}
		catch (RejectedExecutionException ex) {
			// The user's scheduler was shut down before ours: no timer is kept any
			// more. The drain needs none, and accounts for what waits.
			logger.warn("A timer was not set, because the task scheduler has been shut down");
			return NEVER;
		}
	}

	@Override
	public Alarm alarm(Runnable task) {
		return this.alarms.alarm(task);
	}

	@Override
	public void start() {
		if (this.given == null && this.taskScheduler == null) {
			this.taskScheduler = ownScheduler();
		}
	}

	@Override
	public void stop() {
		ThreadPoolTaskScheduler scheduler = this.taskScheduler;
		if (this.given == null && scheduler != null) {
			this.taskScheduler = null;
			scheduler.shutdown();
		}
	}

	private ThreadPoolTaskScheduler ownScheduler() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		ThreadFactory threads = WorkerThreads.platform("background-jobs-clock-");
		scheduler.setThreadFactory(threads);
		scheduler.setRemoveOnCancelPolicy(true);
		scheduler.initialize();
		// Spring's settings have no word for it: else its one thread stays for good.
		ScheduledThreadPoolExecutor executor = scheduler.getScheduledThreadPoolExecutor();
		executor.setKeepAliveTime(this.keepAlive, TimeUnit.NANOSECONDS);
		executor.allowCoreThreadTimeOut(true);
		return scheduler;
	}

	/**
	 * A timer as the executor's task and as its handle. A {@code Callable}, since the
	 * executor puts no wrapper around that.
	 */
	private static final class FutureTimer implements Callable<@Nullable Void>, Timer {

		private final Runnable task;

		/** Set before the timer is handed out. */
		private @Nullable ScheduledFuture<?> future;

		private FutureTimer(Runnable task) {
			this.task = task;
		}

		@Override
		public @Nullable Void call() {
			try {
				this.task.run();
			}
			catch (Throwable ex) {
				// Left alone it would vanish in the future that nobody looks at.
				logger.error("A timer of the job engine failed", ex);
			}
			return null;
		}

		@Override
		public void cancel() {
			if (this.future != null) {
				this.future.cancel(false);
			}
		}

	}

}
