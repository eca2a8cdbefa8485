package io.backgroundjobs.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a PromQL expression names. Reads no more of the language than the expressions of
 * this repository use, and fails where it meets something else.
 *
 * @param selectors the metrics, and what their labels are compared with
 * @param groupings the labels that series are grouped or matched by
 */
record PromQl(List<Selector> selectors, Set<String> groupings) {

	/** Those that Prometheus adds, and those of histograms. */
	private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance", "le", "quantile");

	private static final Set<String> FUNCTIONS = Set.of("sum", "max", "rate", "increase", "histogram_quantile", "round",
			"time");

	private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset");

	private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{([^}]*)}");

	private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|group_left) \\(([^)]*)\\)");

	private static final Pattern RANGE = Pattern.compile("\\[(?:\\d+[smhd]|\\$__rate_interval|\\$__range)]");

	private static final Pattern WORD = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*(\\s*\\()?");

	static PromQl parse(String expression) {
		assertThat(expression.chars().filter((c) -> c == '(').count()).as(expression)
			.isEqualTo(expression.chars().filter((c) -> c == ')').count());
		List<Selector> selectors = new ArrayList<>();
		String rest = SELECTOR.matcher(expression).replaceAll((selector) -> {
			selectors.add(selector(selector.group(1), selector.group(2)));
			return "";
		});
		Set<String> groupings = new HashSet<>();
		rest = GROUPING.matcher(rest).replaceAll((grouping) -> {
			Arrays.stream(grouping.group(1).split(","))
				.map(String::strip)
				.filter((label) -> !label.isEmpty())
				.forEach(groupings::add);
			return "";
		});
		metrics(RANGE.matcher(rest).replaceAll(""), expression)
			.forEach((metric) -> selectors.add(new Selector(metric, Map.of())));
		assertThat(selectors).as(expression).isNotEmpty();
		return new PromQl(selectors, groupings);
	}

	/**
	 * Return what is neither an operator nor a function.
	 */
	private static List<String> metrics(String words, String expression) {
		List<String> metrics = new ArrayList<>();
		WORD.matcher(words).results().forEach((match) -> {
			String word = match.group().replace("(", "").strip();
			if (OPERATORS.contains(word)) {
				return;
			}
			if (match.group(1) != null) {
				assertThat(FUNCTIONS).as(expression).contains(word);
			}
			else {
				metrics.add(word);
			}
		});
		return metrics;
	}

	/**
	 * Check that the scrape has all metrics, labels and values of labels.
	 */
	void assertFoundIn(Scrape scrape) {
		for (Selector selector : this.selectors) {
			assertThat(scrape.metrics()).contains(selector.metric());
			assertThat(scrape.labels(selector.metric())).as(selector.metric())
				.containsAll(tags(selector.labels().keySet()));
			selector.labels().forEach((label, values) -> {
				if (!values.startsWith("$")) {
					assertThat(scrape.values(selector.metric(), label)).as(selector.metric() + "." + label)
						.contains(values.split("\\|"));
				}
			});
			if (selector.isOurs()) {
				assertThat(scrape.labels(selector.metric())).as(selector.metric()).containsAll(tags(this.groupings));
			}
		}
	}

	/**
	 * Check that a label is left when the expression has been evaluated.
	 */
	void assertKeeps(String label, Scrape scrape) {
		if (!this.groupings.isEmpty()) {
			assertThat(this.groupings).contains(label);
		}
		else if (!LABELS_OF_PROMETHEUS.contains(label)) {
			assertThat(this.selectors)
				.allSatisfy((selector) -> assertThat(scrape.labels(selector.metric())).contains(label));
		}
	}

	private static Set<String> tags(Set<String> labels) {
		return labels.stream().filter((label) -> !LABELS_OF_PROMETHEUS.contains(label)).collect(Collectors.toSet());
	}

	private static Selector selector(String metric, String labels) {
		Map<String, String> values = new TreeMap<>();
		String rest = LABEL.matcher(labels).replaceAll((label) -> {
			values.merge(label.group(1), label.group(2), (one, other) -> one + "|" + other);
			return "";
		});
		assertThat(rest.replace(",", "").strip()).as(labels).isEmpty();
		return new Selector(metric, values);
	}

	/**
	 * A metric, and what it is narrowed by.
	 *
	 * @param metric its name
	 * @param labels what its labels are compared with: values with a bar between them, or
	 * a variable
	 */
	record Selector(String metric, Map<String, String> labels) {

		boolean isOurs() {
			return this.metric.startsWith("background_jobs_");
		}

	}

}
