package io.backgroundjobs.autoconfigure;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The clock of the jobs. Its one thread comes with the first timer and goes when none has
 * been left for a while.
 */
final class ClockScheduler extends ThreadPoolTaskScheduler {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final long KEEP_ALIVE_SECONDS = 60;

	ClockScheduler() {
		setThreadNamePrefix("background-jobs-clock-");
		setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	@Override
	protected ScheduledExecutorService createExecutor(int poolSize, ThreadFactory threadFactory,
			RejectedExecutionHandler rejectedExecutionHandler) {
		ScheduledExecutorService executor = super.createExecutor(poolSize, threadFactory, rejectedExecutionHandler);
		if (executor instanceof ScheduledThreadPoolExecutor threadPool) {
			threadPool.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
			threadPool.allowCoreThreadTimeOut(true);
		}
		return executor;
	}

}
