package io.backgroundjobs.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * One fork of a JMH benchmark.
 */
final class JmhFork {

	private final ChainedOptionsBuilder options;

	private int threads = 1;

	JmhFork(Class<?> benchmark, Effort effort) {
		this.options = new OptionsBuilder().include(benchmark.getName() + "\\.")
			.forks((effort == Effort.PROFILE) ? 0 : 1)
			.warmupIterations(effort.of(4, 1))
			.warmupTime(TimeValue.milliseconds(effort.of(500, 20)))
			.measurementIterations(effort.of(4, 1))
			.measurementTime(TimeValue.milliseconds(effort.of(500, 20)))
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
	}

	JmhFork threads(int count) {
		this.threads = count;
		return this;
	}

	JmhFork param(String name, String value) {
		this.options.param(name, value);
		return this;
	}

	/**
	 * Run the fork.
	 * @return the time and the bytes of an operation: with several threads each operation
	 * of theirs counts, so that the time is that of all together
	 */
	List<Reading> run() throws RunnerException {
		RunResult result = runFork();
		return List.of(new Reading("time", "ns", result.getPrimaryResult().getScore() / this.threads), memory(result));
	}

	/**
	 * Run the fork, of a benchmark that samples times.
	 * @return the median and the 99th percentile, and the bytes of an operation
	 */
	List<Reading> runSampling() throws RunnerException {
		RunResult result = runFork();
		Statistics times = result.getPrimaryResult().getStatistics();
		return List.of(new Reading("p50", "ns", times.getPercentile(50)),
				new Reading("p99", "ns", times.getPercentile(99)), memory(result));
	}

	private RunResult runFork() throws RunnerException {
		Collection<RunResult> results = new Runner(this.options.threads(this.threads).build()).run();
		return results.iterator().next();
	}

	private static Reading memory(RunResult result) {
		Result<?> bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
		return new Reading("memory", "bytes", bytes.getScore());
	}

}
