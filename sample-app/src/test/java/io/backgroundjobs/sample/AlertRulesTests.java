package io.backgroundjobs.sample;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the alert rules ask for meters that exist.
 */
class AlertRulesTests {

	private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");

	private static final Scrape SCRAPE = EveryMeter.scrape();

	private List<Rule> rules;

	@BeforeEach
	void readRules() throws IOException {
		this.rules = read();
	}

	@Test
	void eachRuleHasANameOfItsOwn() {
		assertThat(this.rules).hasSizeGreaterThan(5)
			.extracting(Rule::alert)
			.doesNotHaveDuplicates()
			.allSatisfy((name) -> assertThat(name).matches("[A-Z][A-Za-z]+"));
	}

	@Test
	void eachRuleSaysHowLongHowBadAndWhat() {
		assertThat(this.rules).allSatisfy((rule) -> {
			assertThat(rule.duration()).as(rule.alert()).matches("\\d+[mh]");
			assertThat(rule.labels()).as(rule.alert()).containsOnlyKeys("severity");
			assertThat(rule.labels().get("severity")).as(rule.alert()).isIn("warning", "critical");
			assertThat(rule.annotations()).as(rule.alert()).containsOnlyKeys("summary", "description");
			assertThat(rule.annotations().values()).as(rule.alert())
				.allSatisfy((text) -> assertThat(text).isNotBlank().doesNotContain("\n"));
		});
	}

	@Test
	void eachMetricLabelAndValueExists() {
		assertThat(this.rules).allSatisfy((rule) -> PromQl.parse(rule.expr()).assertFoundIn(SCRAPE));
	}

	@Test
	void eachLabelOfAnAnnotationIsLeftByItsExpression() {
		for (Rule rule : this.rules) {
			PromQl expression = PromQl.parse(rule.expr());
			for (String text : rule.annotations().values()) {
				LABEL.matcher(text).results().forEach((label) -> expression.assertKeeps(label.group(1), SCRAPE));
			}
		}
	}

	@Test
	void eachCounterIsWatched() {
		Set<String> watched = new HashSet<>();
		this.rules.forEach(
				(rule) -> PromQl.parse(rule.expr()).selectors().forEach((selector) -> watched.add(selector.metric())));
		assertThat(watched).contains("background_jobs_seconds_count", "background_jobs_ticks_total",
				"background_jobs_rejected_total", "background_jobs_lateness_seconds_sum", "background_jobs_active",
				"background_jobs_limit", "background_jobs_pending", "background_jobs_durable",
				"background_jobs_durable_oldest_seconds", "background_jobs_durable_unavailable_seconds");
	}

	private static List<Rule> read() throws IOException {
		JsonMapper strict = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
		try (Reader file = Files.newBufferedReader(Path.of("../docs/prometheus/background-jobs-alerts.yml"))) {
			RuleFile rules = strict.convertValue(new Yaml().<Object>load(file), RuleFile.class);
			assertThat(rules.groups()).extracting(Group::name).containsExactly("background-jobs");
			return rules.groups().get(0).rules();
		}
	}

	private record RuleFile(List<Group> groups) {
	}

	private record Group(String name, List<Rule> rules) {
	}

	private record Rule(String alert, String expr, @JsonProperty("for") String duration, Map<String, String> labels,
			Map<String, String> annotations) {
	}

}
