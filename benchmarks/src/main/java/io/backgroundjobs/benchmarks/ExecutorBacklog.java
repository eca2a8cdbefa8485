package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Tasks in the queue of an executor, which can be cancelled only one by one.
 */
final class ExecutorBacklog implements Backlog {

	private final ThreadPoolExecutor executor;

	private final Function<Runnable, Future<?>> adding;

	private final Runnable stopping;

	private final List<Future<?>> futures = new ArrayList<>();

	private ExecutorBacklog(ThreadPoolExecutor executor, Function<Runnable, Future<?>> adding, Runnable stopping) {
		this.executor = executor;
		this.adding = adding;
		this.stopping = stopping;
	}

	/**
	 * Tasks behind two that block.
	 */
	static Backlog queued() throws InterruptedException {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(2, 2, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
		CountDownLatch taken = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			executor.execute(() -> Backlog.block(taken));
		}
		taken.await();
		return new ExecutorBacklog(executor, executor::submit, executor::shutdownNow);
	}

	/**
	 * Tasks that are due in an hour.
	 */
	static Backlog delayed() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setRemoveOnCancelPolicy(true);
		scheduler.initialize();
		Instant later = Instant.now().plus(Duration.ofHours(1));
		return new ExecutorBacklog(scheduler.getScheduledThreadPoolExecutor(),
				(work) -> scheduler.schedule(work, later), scheduler::shutdown);
	}

	@Override
	public void add(Runnable work) {
		this.futures.add(this.adding.apply(work));
	}

	@Override
	public int cancel() {
		int waiting = this.executor.getQueue().size();
		this.futures.forEach((future) -> future.cancel(false));
		this.executor.purge();
		return waiting - this.executor.getQueue().size();
	}

	@Override
	public int stop() {
		int waiting = this.executor.getQueue().size();
		this.stopping.run();
		return waiting - this.executor.getQueue().size();
	}

}
