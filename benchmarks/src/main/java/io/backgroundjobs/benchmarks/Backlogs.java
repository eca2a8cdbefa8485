package io.backgroundjobs.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * How long it takes to let go of twenty thousand jobs that wait. In a JVM that has never
 * done so before, as it is when an application stops.
 */
final class Backlogs implements Experiment {

	private static final int PENDING = 20_000;

	private static final String CANCEL = "cancel 20,000 pending";

	private static final String STOP = "stop with 20,000 pending";

	private final Map<String, Callable<Backlog>> contenders = new LinkedHashMap<>();

	Backlogs() {
		this.contenders.put(Cell.OURS, () -> new PoolBacklog(PENDING));
		this.contenders.put("ThreadPoolExecutor", ExecutorBacklog::queued);
		this.contenders.put("ThreadPoolTaskScheduler", ExecutorBacklog::delayed);
	}

	@Override
	public String name() {
		return "stop";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		return Stream.of(CANCEL, STOP)
			.flatMap((work) -> this.contenders.keySet().stream().map((contender) -> new Cell(work, contender)))
			.toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		Backlog backlog = Objects.requireNonNull(this.contenders.get(cell.contender())).call();
		for (int i = 0; i < PENDING; i++) {
			backlog.add(() -> {
			});
		}
		Measured measured = Measured.begins();
		long begin = System.nanoTime();
		int forgotten = cell.work().equals(CANCEL) ? backlog.cancel() : backlog.stop();
		long time = System.nanoTime() - begin;
		measured.ends();
		return List.of(new Reading("time", "ns", time), new Reading("forgotten", "%", 100.0 * forgotten / PENDING));
	}

}
