package io.backgroundjobs.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How many jobs in a second go through a database, added by ten threads and done by ten
 * others, and how long one waits that is added in a transaction while nothing else goes
 * on.
 */
final class Durable implements Experiment {

	private static final String LATENCY = "commit to start on PostgreSQL";

	/** How many jobs are added before they are waited for. */
	private static final int BATCH = 5_000;

	/** After that a job that has not been done counts as lost. */
	private static final int PATIENCE_SECONDS = 120;

	@Override
	public String name() {
		return "durable";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		List<Cell> cells = new ArrayList<>();
		for (DurableDatabase database : DurableDatabase.values()) {
			for (String contender : DurableStores.contenders(database)) {
				cells.add(new Cell(through(database), contender));
			}
		}
		for (String contender : DurableStores.contenders(DurableDatabase.POSTGRESQL)) {
			cells.add(new Cell(LATENCY, contender));
		}
		return cells;
	}

	private static String through(DurableDatabase database) {
		return "jobs through " + database;
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		if (cell.work().equals(LATENCY)) {
			try (DurableDatabase.Connections connections = DurableDatabase.POSTGRESQL.open();
					DurableStores.Store store = DurableStores.open(cell.contender(), connections)) {
				return latency(store, effort);
			}
		}
		DurableDatabase database = Arrays.stream(DurableDatabase.values())
			.filter((any) -> through(any).equals(cell.work()))
			.findFirst()
			.orElseThrow();
		try (DurableDatabase.Connections connections = database.open();
				DurableStores.Store store = DurableStores.open(cell.contender(), connections)) {
			return throughput(store, effort);
		}
	}

	private static List<Reading> throughput(DurableStores.Store store, Effort effort) throws Exception {
		ExecutorService adders = Executors.newFixedThreadPool(JobStore.THREADS);
		try {
			int batch = effort.of(BATCH, 100);
			Tally warmUp = batches(store, adders, batch, 0, effort.of(8, 0));
			Measured part = Measured.begins();
			Tally measured = batches(store, adders, batch, warmUp.jobs, effort.of(12, 0));
			part.ends();
			return List.of(new Reading("rate", "jobs/s", measured.jobs * 1e9 / measured.nanos),
					new Reading("done exactly once", "%", 100.0 * measured.done / measured.jobs));
		}
		finally {
			adders.shutdown();
		}
	}

	/**
	 * Let batches go through, at least one, until the time is over.
	 */
	private static Tally batches(DurableStores.Store store, ExecutorService adders, int size, long first, int seconds)
			throws Exception {
		long begin = System.nanoTime();
		long jobs = 0;
		long done = 0;
		do {
			Arrivals arrivals = Arrivals.expect(first + jobs, size);
			List<Future<?>> parts = new ArrayList<>();
			for (int i = 0; i < JobStore.THREADS; i++) {
				long from = first + jobs + i;
				long end = first + jobs + size;
				parts.add(adders.submit(() -> {
					for (long number = from; number < end; number += JobStore.THREADS) {
						store.add(number);
					}
					return null;
				}));
			}
			for (Future<?> part : parts) {
				part.get();
			}
			done += arrivals.await(PATIENCE_SECONDS);
			jobs += size;
		}
		while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(seconds));
		return new Tally(jobs, done, System.nanoTime() - begin);
	}

	private static List<Reading> latency(DurableStores.Store store, Effort effort) throws Exception {
		int warmUp = effort.of(1_000, 2);
		long[] waits = new long[effort.of(1_000, 2)];
		for (int i = 0; i < warmUp + waits.length; i++) {
			Arrivals arrivals = Arrivals.expect(i, 1);
			long commit = store.addInTransaction(i);
			arrivals.await(PATIENCE_SECONDS);
			waits[Math.max(0, i - warmUp)] = DurableStores.lastArrival() - commit;
			// Let what follows the body be over as well.
			Thread.sleep(2);
		}
		Arrays.sort(waits);
		return List.of(new Reading("median", "ns", waits[waits.length / 2]),
				new Reading("99 %", "ns", waits[waits.length * 99 / 100]));
	}

	private record Tally(long jobs, long done, long nanos) {
	}

}
