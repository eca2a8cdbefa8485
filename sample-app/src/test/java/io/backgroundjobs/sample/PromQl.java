package io.backgroundjobs.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
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

	private static final Pattern SELECTOR = Pattern.compile("(?<metric>[a-zA-Z_:][\\w:]*)\\{(?<labels>[^}]*)}");

	private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|group_left) \\((?<labels>[^)]*)\\)");

	private static final Pattern RANGE = Pattern.compile("\\[(?:\\d+[smhd]|\\$__rate_interval|\\$__range)]");

	private static final Pattern WORD = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*(?<call>\\s*\\()?");

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
		Matcher words = WORD.matcher(RANGE.matcher(rest).replaceAll(""));
		while (words.find()) {
			String word = words.group().replace("(", "").strip();
			if (OPERATORS.contains(word)) {
				continue;
			}
			if (words.group("call") != null) {
				assertThat(FUNCTIONS).as(expression).contains(word);
			}
			else {
				selectors.add(new Selector(word, Map.of()));
			}
		}
		assertThat(selectors).as(expression).isNotEmpty();
		return new PromQl(selectors, groupings);
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
