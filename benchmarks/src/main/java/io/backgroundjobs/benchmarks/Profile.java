package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time and the memory of a measurement went, added up.
 */
final class Profile {

	private static final int MOST_METHODS = 20;

	private static final int MOST_CLASSES = 8;

	/** From fewer samples nothing is to be learned about methods. */
	private static final int FEW_SAMPLES = 100;

	/** What is below that, in percent, is left out. */
	private static final double LEAST = 0.5;

	private final Map<String, Long> threads = new HashMap<>();

	private final Map<String, Long> code = new HashMap<>();

	private final Map<String, Long> self = new HashMap<>();

	private final Map<String, Long> inclusive = new HashMap<>();

	private final Map<String, Long> bytes = new HashMap<>();

	private final List<Duration> pauses = new ArrayList<>();

	private long samples;

	/**
	 * A thread was seen at work.
	 * @param stack the methods, the innermost one first
	 * @param code how the innermost one was carried out
	 */
	void sample(String thread, List<String> stack, String code) {
		this.samples++;
		this.threads.merge(thread.replaceAll("[0-9]+", "n"), 1L, Long::sum);
		this.code.merge(code.toLowerCase(Locale.ROOT), 1L, Long::sum);
		this.self.merge(stack.get(0), 1L, Long::sum);
		new HashSet<>(stack).forEach((method) -> this.inclusive.merge(method, 1L, Long::sum));
	}

	/**
	 * Memory was allocated.
	 */
	void allocation(String type, long size) {
		this.bytes.merge(type, size, Long::sum);
	}

	/**
	 * Memory was collected.
	 */
	void collection(Duration pause) {
		this.pauses.add(pause);
	}

	/**
	 * Return all of it as Markdown.
	 */
	String markdown() {
		StringBuilder text = new StringBuilder(collections());
		if (this.samples >= FEW_SAMPLES) {
			appendMethods(text);
		}
		else {
			text.append(" The threads were hardly ever seen at work: what they do between being woken and going to "
					+ "sleep is too short.\n");
		}
		long all = this.bytes.values().stream().mapToLong(Long::longValue).sum();
		text.append("\n| of the memory | class |\n| --- | --- |\n");
		for (String type : largest(this.bytes, MOST_CLASSES)) {
			text.append(String.format(Locale.ROOT, "| %s | `%s` |%n", share(this.bytes, type, all), type));
		}
		return text.toString();
	}

	private void appendMethods(StringBuilder text) {
		text.append(" ")
			.append(this.samples)
			.append(" samples of threads at work. By thread: ")
			.append(list(this.threads))
			.append(". By code: ")
			.append(list(this.code))
			.append(".\n\n| in the method itself | with what it calls | method |\n| --- | --- | --- |\n");
		for (String method : largest(this.self, MOST_METHODS)) {
			text.append(String.format(Locale.ROOT, "| %s | %s | `%s` |%n", share(this.self, method, this.samples),
					share(this.inclusive, method, this.samples), method));
		}
	}

	private String collections() {
		if (this.pauses.isEmpty()) {
			return "No garbage collection.";
		}
		Duration all = this.pauses.stream().reduce(Duration.ZERO, Duration::plus);
		Duration longest = this.pauses.stream().max(Duration::compareTo).orElseThrow();
		return String.format(Locale.ROOT,
				"%d garbage collections, which stopped all threads for %.1f ms together and %.1f ms at most.",
				this.pauses.size(), all.toNanos() / 1e6, longest.toNanos() / 1e6);
	}

	private String list(Map<String, Long> counts) {
		return String.join(", ",
				largest(counts, MOST_CLASSES).stream()
					.map((key) -> key + " " + share(counts, key, this.samples))
					.toList());
	}

	private static List<String> largest(Map<String, Long> counts, int most) {
		long all = counts.values().stream().mapToLong(Long::longValue).sum();
		return counts.entrySet()
			.stream()
			.filter((entry) -> 100.0 * entry.getValue() >= LEAST * all)
			.sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
			.limit(most)
			.map(Map.Entry::getKey)
			.toList();
	}

	private static String share(Map<String, Long> counts, String key, long all) {
		return String.format(Locale.ROOT, "%.1f %%", 100.0 * counts.getOrDefault(key, 0L) / all);
	}

}
