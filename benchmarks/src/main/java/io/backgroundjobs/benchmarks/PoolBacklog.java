package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.JobEngineBuilder;

/**
 * Pending jobs of a pool whose two places are taken.
 */
final class PoolBacklog implements Backlog {

	private static final int PLACES = 2;

	private final BackgroundJobScheduler scheduler;

	PoolBacklog(int size) throws InterruptedException {
		this.scheduler = new JobEngineBuilder()
			.pool(PoolSpec.named(PoolSpec.DEFAULT_NAME).withLimit(PLACES).withPendingLimit(size))
			.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1))
			.build();
		this.scheduler.start();
		CountDownLatch taken = new CountDownLatch(PLACES);
		for (int i = 0; i < PLACES; i++) {
			this.scheduler.spawn("blocker", () -> Backlog.block(taken));
		}
		taken.await();
	}

	@Override
	public void add(Runnable work) {
		this.scheduler.spawn("job", work);
	}

	@Override
	public int cancel() {
		return this.scheduler.cancelAll(PoolSpec.DEFAULT_NAME) - PLACES;
	}

	@Override
	public int stop() {
		return this.scheduler.stop().jobs(ShutdownReport.Fate.DROPPED).size();
	}

}
