package io.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What became of the jobs that were live when a shutdown began or that were spawned
 * during it. Each job is in it exactly once. Immutable.
 *
 * @param startedAt when the drain began
 * @param duration how long it took
 * @param jobs the jobs, in the order in which they were accepted
 * @since 1.0.0
 */
public record ShutdownReport(Instant startedAt, Duration duration, List<Entry> jobs) {

	public ShutdownReport {
		jobs = List.copyOf(jobs);
	}

	/**
	 * Return the jobs of one fate.
	 * @param fate the fate
	 * @return the jobs, in the order in which they were accepted
	 */
	public List<Entry> jobs(Fate fate) {
		return this.jobs.stream().filter((entry) -> entry.fate() == fate).toList();
	}

	/**
	 * Return the jobs of each pool.
	 * @return the jobs by the name of their pool, in the order of the names; within a
	 * pool in the order in which they were accepted
	 */
	public Map<String, List<Entry>> byPool() {
		return this.jobs.stream().collect(Collectors.groupingBy(Entry::pool, TreeMap::new, Collectors.toList()));
	}

	/**
	 * One job of a report.
	 *
	 * @param id the job's identifier
	 * @param name the job's name
	 * @param pool the job's pool
	 * @param kind where the job came from
	 * @param fate what became of it
	 * @param outcome how it ended; {@code null} if it had not when the report was made
	 * @param running how long it had run; zero if it never started
	 * @param stack where its thread stood; only for {@link Fate#STILL_RUNNING} and
	 * {@link Fate#CALLER}, and empty where it had none
	 */
	public record Entry(String id, String name, String pool, JobKind kind, Fate fate, @Nullable JobOutcome outcome,
			Duration running, List<StackTraceElement> stack) {

		public Entry {
			stack = List.copyOf(stack);
		}

	}

	/**
	 * What became of a job.
	 */
	public enum Fate {

		/**
		 * It ended by itself, whether with success or with a failure.
		 */
		FINISHED,

		/**
		 * An attempt ran, was cancelled, and its body has left.
		 */
		CANCELLED,

		/**
		 * It was dropped before its first attempt, or before its next.
		 */
		DROPPED,

		/**
		 * Its body ignored the interrupt and had not left when the last bound had passed.
		 */
		STILL_RUNNING,

		/**
		 * Its own thread waits for the shutdown: it called {@code stop()}, closed the
		 * application context or called {@link System#exit}, or waits for a job that did.
		 */
		CALLER;

		private final String value = name().toLowerCase(Locale.ROOT).replace('_', '-');

		@Override
		public String toString() {
			return this.value;
		}

	}

}
