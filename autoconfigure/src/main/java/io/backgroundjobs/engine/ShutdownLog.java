package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobKind;
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
		// One look at each job: there may be many, and none of this has ever run before.
		Map<String, Map<Fate, Map<String, Group>>> pools = new TreeMap<>();
		Group group = null;
		for (Entry entry : report.jobs()) {
			// Many of one kind come in a row.
			if (group == null || !group.isOf(entry)) {
				group = pools.computeIfAbsent(entry.pool(), (pool) -> new EnumMap<>(Fate.class))
					.computeIfAbsent(entry.fate(), (fate) -> new TreeMap<>())
					.computeIfAbsent(entry.name(), (name) -> new Group(entry));
			}
			group.add(entry);
		}
		StringBuilder text = new StringBuilder("Stopped after ").append(report.duration().toMillis()).append(" ms: ");
		appendCounts(text, pools.values());
		pools.forEach((pool, fates) -> {
			line(text, "  pool ").append(pool).append(": ");
			appendCounts(text, List.of(fates));
			fates.values().forEach((groups) -> groups.values().forEach((each) -> each.appendTo(text)));
		});
		return text.toString();
	}

	private static void appendCounts(StringBuilder text, Collection<Map<Fate, Map<String, Group>>> pools) {
		Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
		for (Map<Fate, Map<String, Group>> fates : pools) {
			fates.forEach((fate, groups) -> groups.values()
				.forEach((group) -> counts.merge(fate, group.count, Integer::sum)));
		}
		String separator = "";
		for (Map.Entry<Fate, Integer> count : counts.entrySet()) {
			text.append(separator).append(count.getValue()).append(' ').append(count.getKey());
			separator = ", ";
		}
	}

	private static StringBuilder line(StringBuilder text, String indent) {
		return text.append(System.lineSeparator()).append(indent);
	}

	/**
	 * The jobs of one pool that have a name and a fate in common.
	 */
	private static final class Group {

		private final String pool;

		private final Fate fate;

		private final JobKind kind;

		private final String name;

		private final List<String> firstIds = new ArrayList<>(IDS_SHOWN);

		private final List<StackTraceElement> stacks = new ArrayList<>();

		private int count;

		private int failed;

		private Duration longest = Duration.ZERO;

		Group(Entry first) {
			this.pool = first.pool();
			this.fate = first.fate();
			this.kind = first.kind();
			this.name = first.name();
		}

		boolean isOf(Entry entry) {
			return this.fate == entry.fate() && this.name.equals(entry.name()) && this.pool.equals(entry.pool());
		}

		void add(Entry entry) {
			this.count++;
			if (this.count <= IDS_SHOWN) {
				this.firstIds.add(entry.id());
			}
			if (entry.outcome() == JobOutcome.FAILED || entry.outcome() == JobOutcome.TIMED_OUT) {
				this.failed++;
			}
			if (entry.running().compareTo(this.longest) > 0) {
				this.longest = entry.running();
			}
			this.stacks.addAll(entry.stack());
		}

		void appendTo(StringBuilder text) {
			line(text, "    ").append(this.fate).append("  ").append(this.name).append(" x ").append(this.count);
			if (this.fate == Fate.FINISHED && this.failed > 0) {
				text.append(" (").append(this.failed).append(" failed)");
			}
			if (this.kind == JobKind.DURABLE && (this.fate == Fate.CANCELLED || this.fate == Fate.DROPPED)) {
				text.append(" (back in the database)");
			}
			if (!this.longest.isZero()) {
				text.append(", ran up to ").append(this.longest.toMillis()).append(" ms");
			}
			text.append(": ").append(String.join(", ", this.firstIds));
			if (this.count > IDS_SHOWN) {
				text.append(", ...");
			}
			this.stacks.forEach((element) -> line(text, "        at ").append(element));
		}

	}

}
