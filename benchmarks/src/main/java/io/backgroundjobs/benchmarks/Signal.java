package io.backgroundjobs.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a web application does after SIGTERM while fifty jobs run, each in a thread of its
 * own.
 */
final class Signal implements Experiment {

	private static final String WORK = SignalApplications.JOBS + " jobs running";

	private static final Map<String, Application> APPLICATIONS = new LinkedHashMap<>();

	static {
		APPLICATIONS.put(Cell.OURS,
				new Application(new ApplicationJvm(SignalApplications.Spawned.class, ApplicationJvm.OURS),
						"--background-jobs.pools.default.limit=" + SignalApplications.JOBS));
		APPLICATIONS.put("@Async", new Application(new ApplicationJvm(SignalApplications.Asynchronous.class, Set.of()),
				"--spring.task.execution.pool.core-size=" + SignalApplications.JOBS));
	}

	@Override
	public String name() {
		return "signal";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		return APPLICATIONS.keySet().stream().map((contender) -> new Cell(WORK, contender)).toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		Duration length = Duration.ofMillis(effort.of(2_000, 400));
		Process process = Objects.requireNonNull(APPLICATIONS.get(cell.contender())).start(length);
		try (BufferedReader output = process.inputReader()) {
			Instant end = Instant.MIN;
			for (int begun = 0; begun < SignalApplications.JOBS; begun++) {
				end = begun(output).plus(length);
			}
			// The signal comes in the middle of the work.
			Thread.sleep(length.toMillis() / 2);
			Instant signal = Instant.now();
			// SIGTERM; the process's own method would close its output too.
			process.toHandle().destroy();
			long ended = output.lines().filter((line) -> line.startsWith(SignalApplications.ENDED)).count();
			process.waitFor();
			Instant exit = Instant.now();
			return List.of(new Reading("signal to exit", "ns", Duration.between(signal, exit).toNanos()),
					new Reading("beyond the remaining work", "ns", Duration.between(end, exit).toNanos()),
					new Reading("jobs lost", "", SignalApplications.JOBS - ended));
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static Instant begun(BufferedReader output) throws IOException {
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			if (line.startsWith(SignalApplications.BEGUN)) {
				return Instant.parse(line.substring(SignalApplications.BEGUN.length()));
			}
		}
		throw new IllegalStateException("The application has ended before all jobs had begun");
	}

	@Override
	public boolean needsOwnJvm() {
		return false;
	}

	private record Application(ApplicationJvm jvm, String pool) {

		Process start(Duration length) throws IOException {
			return this.jvm.start(List.of(), List.of(this.pool, "--benchmark.length=" + length));
		}

	}

}
