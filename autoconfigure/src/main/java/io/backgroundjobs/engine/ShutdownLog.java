package io.backgroundjobs.engine;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

/**
 * Writes a shutdown's report as one block: counts and the first identifiers of each name,
 * and the stacks of what still runs.
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
		Map<Fate, List<Entry>> byFate = report.jobs()
			.stream()
			.collect(Collectors.groupingBy(Entry::fate, () -> new EnumMap<>(Fate.class), Collectors.toList()));
		StringBuilder text = new StringBuilder("Stopped after ").append(report.duration().toMillis()).append(" ms: ");
		text.append(byFate.entrySet()
			.stream()
			.map((group) -> group.getValue().size() + " " + group.getKey())
			.collect(Collectors.joining(", ")));
		byFate.forEach((fate, entries) -> entries.stream()
			.collect(Collectors.groupingBy(Entry::name, TreeMap::new, Collectors.toList()))
			.forEach((name, named) -> appendGroup(text, fate, name, named)));
		return text.toString();
	}

	private static void appendGroup(StringBuilder text, Fate fate, String name, List<Entry> entries) {
		text.append(System.lineSeparator()).append("  ").append(fate).append("  ").append(name);
		text.append(" x ").append(entries.size()).append(": ");
		text.append(entries.stream().limit(IDS_SHOWN).map(Entry::id).collect(Collectors.joining(", ")));
		if (entries.size() > IDS_SHOWN) {
			text.append(", ...");
		}
		for (Entry entry : entries) {
			for (StackTraceElement element : entry.stack()) {
				text.append(System.lineSeparator()).append("      at ").append(element);
			}
		}
	}

}
