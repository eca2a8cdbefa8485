package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is logged of a shutdown.
 */
class ShutdownLogTests {

	private static Entry entry(int number, String name, Fate fate, StackTraceElement... stack) {
		return entry(number, name, "default", fate, JobOutcome.CANCELLED, Duration.ZERO, stack);
	}

	private static Entry entry(int number, String name, String pool, Fate fate, JobOutcome outcome, Duration running,
			StackTraceElement... stack) {
		return new Entry("id-" + number, name, pool, JobKind.SPAWNED, fate, outcome, running, List.of(stack));
	}

	@Test
	void jobsAreGroupedByPoolAndNameWithCountsFirstFiveIdsAndStacks() {
		List<Entry> jobs = new ArrayList<>();
		for (int i = 1; i <= 7; i++) {
			jobs.add(entry(i, "mail", Fate.DROPPED));
		}
		Duration second = Duration.ofSeconds(1);
		jobs.add(entry(8, "report", "slow", Fate.FINISHED, JobOutcome.FAILED, second));
		jobs.add(entry(9, "report", "slow", Fate.FINISHED, JobOutcome.SUCCEEDED, second.multipliedBy(2)));
		jobs.add(entry(10, "audit", "slow", Fate.FINISHED, JobOutcome.SUCCEEDED, second));
		jobs.add(entry(11, "stuck", Fate.STILL_RUNNING, new StackTraceElement("Db", "read", "Db.java", 7)));
		ShutdownReport report = new ShutdownReport(Instant.EPOCH, Duration.ofMillis(1234), jobs);
		assertThat(ShutdownLog.text(report).lines()).containsExactly(
				"Stopped after 1234 ms: 3 finished, 7 dropped, 1 still-running",
				"  pool default: 7 dropped, 1 still-running",
				"    dropped  mail x 7: id-1, id-2, id-3, id-4, id-5, ...", "    still-running  stuck x 1: id-11",
				"        at Db.read(Db.java:7)", "  pool slow: 3 finished",
				"    finished  audit x 1, ran up to 1000 ms: id-10",
				"    finished  report x 2 (1 failed), ran up to 2000 ms: id-8, id-9");
	}

	@Test
	void jobsThatDifferInOneThingOnlyAreCountedApart() {
		Entry entry = entry(1, "mail", Fate.DROPPED);
		Entry otherName = entry(2, "report", Fate.DROPPED);
		Entry otherPool = entry(3, "report", "slow", Fate.DROPPED, JobOutcome.CANCELLED, Duration.ZERO);
		Entry otherFate = entry(4, "report", "slow", Fate.CANCELLED, JobOutcome.CANCELLED, Duration.ZERO);
		ShutdownReport report = new ShutdownReport(Instant.EPOCH, Duration.ZERO,
				List.of(entry, otherName, otherPool, otherFate));
		assertThat(ShutdownLog.text(report).lines()).containsExactly("Stopped after 0 ms: 1 cancelled, 3 dropped",
				"  pool default: 2 dropped", "    dropped  mail x 1: id-1", "    dropped  report x 1: id-2",
				"  pool slow: 1 cancelled, 1 dropped", "    cancelled  report x 1: id-4",
				"    dropped  report x 1: id-3");
	}

	@Test
	void durableJobsThatDidNotFinishAreNotLost() {
		Entry dropped = new Entry("id-1", "mail", "default", JobKind.DURABLE, Fate.DROPPED, JobOutcome.CANCELLED,
				Duration.ZERO, List.of());
		Entry finished = new Entry("id-2", "mail", "default", JobKind.DURABLE, Fate.FINISHED, JobOutcome.SUCCEEDED,
				Duration.ZERO, List.of());
		ShutdownReport report = new ShutdownReport(Instant.EPOCH, Duration.ZERO, List.of(dropped, finished));
		assertThat(ShutdownLog.text(report).lines()).contains("    dropped  mail x 1 (back in the database): id-1",
				"    finished  mail x 1: id-2");
	}

	@Test
	void entriesAreFoundByFateAndByPool() {
		Entry dropped = entry(1, "mail", Fate.DROPPED);
		Entry finished = entry(2, "report", "slow", Fate.FINISHED, JobOutcome.SUCCEEDED, Duration.ZERO);
		Entry another = entry(3, "mail", Fate.FINISHED);
		ShutdownReport report = new ShutdownReport(Instant.EPOCH, Duration.ZERO, List.of(dropped, finished, another));
		assertThat(report.jobs(Fate.FINISHED)).containsExactly(finished, another);
		assertThat(report.byPool()).containsExactly(Map.entry("default", List.of(dropped, another)),
				Map.entry("slow", List.of(finished)));
	}

}
