package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is logged of a shutdown.
 */
class ShutdownLogTests {

	private static Entry entry(int number, String name, Fate fate, StackTraceElement... stack) {
		return new Entry("id-" + number, name, "default", JobKind.SPAWNED, fate, Duration.ZERO, List.of(stack));
	}

	@Test
	void jobsAreGroupedByNameWithCountsFirstFiveIdsAndStacks() {
		List<Entry> jobs = new ArrayList<>();
		for (int i = 1; i <= 7; i++) {
			jobs.add(entry(i, "mail", Fate.DROPPED));
		}
		jobs.add(entry(8, "report", Fate.FINISHED));
		jobs.add(entry(9, "audit", Fate.FINISHED));
		jobs.add(entry(10, "stuck", Fate.STILL_RUNNING, new StackTraceElement("Db", "read", "Db.java", 7)));
		ShutdownReport report = new ShutdownReport(Instant.EPOCH, Duration.ofMillis(1234), jobs);
		assertThat(ShutdownLog.text(report).lines()).containsExactly(
				"Stopped after 1234 ms: 2 finished, 7 dropped, 1 still-running", "  finished  audit x 1: id-9",
				"  finished  report x 1: id-8", "  dropped  mail x 7: id-1, id-2, id-3, id-4, id-5, ...",
				"  still-running  stuck x 1: id-10", "      at Db.read(Db.java:7)");
	}

}
