package io.backgroundjobs.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.JobEngineBuilder;

/**
 * How many jobs in a second go through stores, one after the other added by one thread
 * and done by ten.
 */
final class Stores implements Experiment {

	private static final String WORK = "jobs added and done";

	/** As many as any of them has room for. */
	private static final int BATCH = 20_000;

	/** After that a job that has not been done counts as lost. */
	private static final int PATIENCE_SECONDS = 120;

	private final Map<String, Callable<JobStore>> contenders = new LinkedHashMap<>();

	Stores() {
		this.contenders.put(Cell.OURS, Stores::ours);
		this.contenders.put("Quartz in memory", QuartzStore::new);
		this.contenders.put("JobRunr in memory", JobRunrStore::new);
		this.contenders.put("db-scheduler on H2", DbSchedulerStore::onH2);
		this.contenders.put("db-scheduler on PostgreSQL", DbSchedulerStore::onPostgres);
	}

	private static JobStore ours() {
		BackgroundJobScheduler scheduler = new JobEngineBuilder()
			.pool(PoolSpec.named(PoolSpec.DEFAULT_NAME).withLimit(JobStore.THREADS).withPendingLimit(BATCH))
			.build();
		scheduler.start();
		return new JobStore() {

			@Override
			public void add(long number) {
				scheduler.spawn("arrival", () -> Arrivals.arrive(number));
			}

			@Override
			public void close() {
				scheduler.close();
			}

		};
	}

	@Override
	public String name() {
		return "stores";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		return this.contenders.keySet().stream().map((contender) -> new Cell(WORK, contender)).toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		try (JobStore store = Objects.requireNonNull(this.contenders.get(cell.contender())).call()) {
			int batch = effort.of(BATCH, 100);
			Tally warmUp = batches(store, batch, 0, effort.of(5, 0));
			Tally measured = batches(store, batch, warmUp.jobs, effort.of(10, 0));
			return List.of(new Reading("rate", "jobs/s", measured.jobs * 1e9 / measured.nanos),
					new Reading("done exactly once", "%", 100.0 * measured.done / measured.jobs));
		}
	}

	/**
	 * Let batches go through, at least one, until the time is over.
	 */
	private static Tally batches(JobStore store, int size, long first, int seconds) throws Exception {
		long begin = System.nanoTime();
		long jobs = 0;
		long done = 0;
		do {
			Arrivals arrivals = Arrivals.expect(first + jobs, size);
			for (int i = 0; i < size; i++) {
				store.add(first + jobs + i);
			}
			done += arrivals.await(PATIENCE_SECONDS);
			jobs += size;
		}
		while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(seconds));
		return new Tally(jobs, done, System.nanoTime() - begin);
	}

	private record Tally(long jobs, long done, long nanos) {
	}

}
