package io.backgroundjobs.sample;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Prometheus reads, in its text format.
 *
 * @param samples a line each
 */
record Scrape(List<Sample> samples) {

	private static final Pattern LINE = Pattern.compile("(?<name>[\\w:]+)(?:\\{(?<labels>.*)})? (?<value>\\S+)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	static Scrape parse(String text) {
		return new Scrape(text.lines().filter((line) -> !line.startsWith("#")).map(Scrape::sample).toList());
	}

	Set<String> metrics() {
		return this.samples.stream().map(Sample::metric).collect(Collectors.toSet());
	}

	/**
	 * Return the labels that every sample of a metric has.
	 */
	Set<String> labels(String metric) {
		return of(metric).map((sample) -> sample.labels().keySet()).reduce((all, labels) -> {
			all.retainAll(labels);
			return all;
		}).orElseThrow(() -> new AssertionError("No " + metric + " in the scrape"));
	}

	Set<String> values(String metric, String label) {
		return of(metric).map((sample) -> sample.labels().get(label)).collect(Collectors.toSet());
	}

	/**
	 * Return the sum of the samples of a metric that have these labels, 0 if there is
	 * none.
	 * @param labels names and values in turn
	 */
	double sum(String metric, String... labels) {
		return of(metric, labels).mapToDouble(Sample::value).sum();
	}

	Stream<Sample> of(String metric, String... labels) {
		Stream<Sample> found = this.samples.stream().filter((sample) -> sample.metric().equals(metric));
		for (int i = 0; i < labels.length; i += 2) {
			String label = labels[i];
			String value = labels[i + 1];
			found = found.filter((sample) -> value.equals(sample.labels().get(label)));
		}
		return found;
	}

	private static Sample sample(String line) {
		Matcher parts = LINE.matcher(line);
		if (!parts.matches()) {
			throw new AssertionError("Not the text format of Prometheus: " + line);
		}
		Map<String, String> labels = new TreeMap<>();
		if (parts.group("labels") != null) {
			LABEL.matcher(parts.group("labels"))
				.results()
				.forEach((label) -> labels.put(label.group(1), label.group(2)));
		}
		return new Sample(parts.group("name"), labels,
				Double.parseDouble(parts.group("value").replace("Inf", "Infinity")));
	}

	/**
	 * One number.
	 *
	 * @param metric its name
	 * @param labels its labels
	 * @param value the number
	 */
	record Sample(String metric, Map<String, String> labels, double value) {
	}

}
