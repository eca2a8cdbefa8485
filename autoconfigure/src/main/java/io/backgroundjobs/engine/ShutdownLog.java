package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

/**
 * Writes a shutdown's report as one block: counts for all and for each pool, then for
 * each name a line with the first identifiers, and the stacks of what still runs.
 */
final class ShutdownLog {

	private static final Logger logger = LoggerFactory.getLogger(ShutdownLog.class);

	private static final int IDS_SHOWN = 5;

	private ShutdownLog() {
	}

	static void write(ShutdownReport report) {
		if (report.jobs().isEmpty()) {
			logger.debug("Stopped after {} ms; no job was live", report.duration().toMillis());
			return;
		}
		boolean complete = report.jobs().stream().allMatch((entry) -> entry.fate() == Fate.FINISHED);
		if (complete) {
			logger.info("{}", text(report));
		}
		else {
			logger.warn("{}", text(report));
		}
	}

	static String text(ShutdownReport report) {
		StringBuilder text = new StringBuilder("Stopped after ").append(report.duration().toMillis()).append(" ms: ");
		text.append(counts(report.jobs()));
		report.byPool().forEach((pool, entries) -> {
			line(text, "  pool ").append(pool).append(": ").append(counts(entries));
			byFate(entries).forEach((fate, ofFate) -> ofFate.stream()
				.collect(Collectors.groupingBy(Entry::name, TreeMap::new, Collectors.toList()))
				.forEach((name, named) -> appendGroup(text, fate, name, named)));
		});
		return text.toString();
	}

	private static String counts(List<Entry> entries) {
		return byFate(entries).entrySet()
			.stream()
			.map((group) -> group.getValue().size() + " " + group.getKey())
			.collect(Collectors.joining(", "));
	}

	private static Map<Fate, List<Entry>> byFate(List<Entry> entries) {
		return entries.stream()
			.collect(Collectors.groupingBy(Entry::fate, () -> new EnumMap<>(Fate.class), Collectors.toList()));
	}

	private static void appendGroup(StringBuilder text, Fate fate, String name, List<Entry> entries) {
		line(text, "    ").append(fate).append("  ").append(name).append(" x ").append(entries.size());
		long failed = entries.stream().filter(ShutdownLog::isFailed).count();
		if (fate == Fate.FINISHED && failed > 0) {
			text.append(" (").append(failed).append(" failed)");
		}
		Duration longest = entries.stream().map(Entry::running).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
		if (!longest.isZero()) {
			text.append(", ran up to ").append(longest.toMillis()).append(" ms");
		}
		text.append(": ");
		text.append(entries.stream().limit(IDS_SHOWN).map(Entry::id).collect(Collectors.joining(", ")));
		if (entries.size() > IDS_SHOWN) {
			text.append(", ...");
		}
		for (Entry entry : entries) {
			for (StackTraceElement element : entry.stack()) {
				line(text, "        at ").append(element);
			}
		}
	}

	private static boolean isFailed(Entry entry) {
		return entry.outcome() == JobOutcome.FAILED || entry.outcome() == JobOutcome.TIMED_OUT;
	}

	private static StringBuilder line(StringBuilder text, String indent) {
		return text.append(System.lineSeparator()).append(indent);
	}

}
