package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whether a periodic job keeps to its rate in the long run.
 */
final class Drift implements Experiment {

	private static final Duration EVERY = Duration.ofMillis(100);

	/** How many runs there are in a second. */
	private static final int SECOND = 10;

	private static final long HOUR = TimeUnit.HOURS.toNanos(1);

	private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

	@Override
	public String name() {
		return "drift";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		return Stream.of(Cell.OURS, Repeaters.TASK_SCHEDULER, Repeaters.QUARTZ)
			.map((contender) -> new Cell("one job each 100 ms for a minute", contender))
			.toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		warmUp(cell.contender());
		List<Long> lateness = runs(cell.contender(), effort.of(20, 0), effort.of(600, SECOND));
		long begin = median(lateness.subList(0, SECOND));
		long end = median(lateness.subList(lateness.size() - SECOND, lateness.size()));
		return List.of(new Reading("drift", "ns", end - begin), new Reading("trend a minute", "ns", trend(lateness)),
				new Reading("late at least", "ns", Collections.min(lateness)),
				new Reading("late at most", "ns", Collections.max(lateness)));
	}

	/**
	 * Let jobs be registered that never run, so that the one which counts is registered
	 * without delay.
	 */
	private static void warmUp(String contender) throws Exception {
		try (Repeater repeater = Repeaters.open(contender)) {
			for (int i = 0; i < 5_000; i++) {
				repeater.repeat("job-" + i, System.nanoTime() + HOUR, EVERY, () -> {
				});
			}
		}
	}

	/**
	 * Let the job run.
	 * @return the lateness of each run in nanoseconds, one after the other
	 */
	private static List<Long> runs(String contender, int skipped, int counted) throws Exception {
		List<Long> lateness = Collections.synchronizedList(new ArrayList<>());
		try (Repeater repeater = Repeaters.open(contender)) {
			long first = System.nanoTime() + EVERY.toNanos() / 2;
			new Beat(EVERY, lateness::add).start(repeater, "job", first);
			// From half an interval before the first run to half of one after the last.
			TimeUnit.NANOSECONDS.sleep((skipped + counted) * EVERY.toNanos());
			return List.copyOf(lateness.subList(skipped, lateness.size()));
		}
	}

	private static long median(List<Long> lateness) {
		return lateness.stream().sorted().toList().get(lateness.size() / 2);
	}

	/**
	 * Return by how much a run is later than the one a minute before, as the line says
	 * that comes closest to all of them.
	 */
	private static double trend(List<Long> lateness) {
		double meanRun = (lateness.size() - 1) / 2.0;
		double meanLateness = lateness.stream().mapToLong(Long::longValue).average().orElseThrow();
		double covariance = 0;
		double variance = 0;
		for (int run = 0; run < lateness.size(); run++) {
			covariance += (run - meanRun) * (lateness.get(run) - meanLateness);
			variance += (run - meanRun) * (run - meanRun);
		}
		return covariance / variance * MINUTE / EVERY.toNanos();
	}

}
