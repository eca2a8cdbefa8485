package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the dashboard shows meters that exist.
 */
class DashboardTests {

	private static final int COLUMNS = 24;

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((?<metric>.*), (?<label>\\w+)\\)");

	private static final Pattern VARIABLE = Pattern.compile("\\$(?<name>[a-z]\\w*)");

	private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");

	private static final Scrape SCRAPE = EveryMeter.scrape();

	private final JsonNode dashboard = JsonMapper.shared()
		.readTree(Path.of("../docs/grafana/background-jobs.json").toFile());

	@Test
	void itHasATitleAndAnIdentifierOfItsOwn() {
		assertThat(this.dashboard.path("title").asString()).isEqualTo("Background Jobs");
		assertThat(this.dashboard.path("uid").asString()).isEqualTo("background-jobs");
		assertThat(this.dashboard.path("schemaVersion").asInt()).isPositive();
		// Grafana gives it one; with one of ours it would replace somebody else's.
		assertThat(this.dashboard.has("id")).isFalse();
	}

	@Test
	void eachPanelHasAnIdOfItsOwnAndAPlaceOfItsOwn() {
		Set<Integer> ids = new HashSet<>();
		Set<List<Integer>> cells = new HashSet<>();
		for (JsonNode panel : this.dashboard.path("panels")) {
			assertThat(ids.add(panel.path("id").asInt())).as(title(panel)).isTrue();
			JsonNode position = panel.path("gridPos");
			for (int x = position.path("x").asInt(); x < position.path("x").asInt() + position.path("w").asInt(); x++) {
				for (int y = position.path("y").asInt(); y < position.path("y").asInt()
						+ position.path("h").asInt(); y++) {
					assertThat(x).as(title(panel)).isLessThan(COLUMNS);
					assertThat(cells.add(List.of(x, y))).as(title(panel)).isTrue();
				}
			}
		}
	}

	@Test
	void eachPanelHasQueriesAUnitAndAnExplanation() {
		assertThat(panels()).hasSizeGreaterThan(15).allSatisfy((panel) -> {
			assertThat(title(panel)).isNotBlank();
			assertThat(panel.path("description").asString()).as(title(panel)).isNotBlank();
			assertThat(panel.at("/fieldConfig/defaults/unit").asString()).as(title(panel))
				.isIn("short", "ops", "s", "percentunit");
			Set<String> refIds = new HashSet<>();
			assertThat(panel.path("targets")).as(title(panel)).isNotEmpty().allSatisfy((target) -> {
				assertThat(target.path("expr").asString()).isNotBlank();
				assertThat(target.path("refId").asString()).isNotBlank().matches(refIds::add);
				assertThat(target.at("/datasource/uid").asString()).isEqualTo("${datasource}");
			});
		});
	}

	@Test
	void timesAreShownInTheUnitOfTheirMeters() {
		for (JsonNode panel : panels()) {
			boolean seconds = expressions(panel).stream()
				.anyMatch((expression) -> expression.matches("(?s).*_seconds(?!_count).*"));
			assertThat(panel.at("/fieldConfig/defaults/unit").asString().equals("s")).as(title(panel))
				.isEqualTo(seconds);
		}
	}

	@Test
	void eachMetricLabelAndValueExists() {
		panels().stream()
			.flatMap((panel) -> expressions(panel).stream())
			.forEach((expression) -> PromQl.parse(expression).assertFoundIn(SCRAPE));
	}

	@Test
	void eachLabelOfALegendIsLeftByItsQuery() {
		for (JsonNode panel : panels()) {
			for (JsonNode target : panel.path("targets")) {
				PromQl query = PromQl.parse(target.path("expr").asString());
				LEGEND_LABEL.matcher(target.path("legendFormat").asString())
					.results()
					.map((label) -> label.group(1))
					.forEach((label) -> query.assertKeeps(label, SCRAPE));
			}
		}
	}

	@Test
	void eachVariableIsDeclaredAndAsksForWhatExists() {
		Set<String> declared = new HashSet<>();
		for (JsonNode variable : this.dashboard.at("/templating/list")) {
			if (variable.path("type").asString().equals("query")) {
				Matcher query = LABEL_VALUES.matcher(variable.at("/query/query").asString());
				assertThat(query.matches()).as(variable.toString()).isTrue();
				PromQl metric = PromQl.parse(query.group("metric"));
				metric.assertFoundIn(SCRAPE);
				metric.assertKeeps(query.group("label"), SCRAPE);
				// Those before it, so that Grafana can ask in turn.
				assertThat(declared).containsAll(variables(query.group("metric")));
			}
			declared.add(variable.path("name").asString());
		}
		assertThat(declared).containsExactlyInAnyOrder("datasource", "application", "instance", "pool", "name");
		panels().stream()
			.flatMap((panel) -> expressions(panel).stream())
			.forEach((expression) -> assertThat(declared).containsAll(variables(expression)));
	}

	@Test
	void eachMeterIsShown() {
		Set<String> shown = new HashSet<>();
		panels().stream()
			.flatMap((panel) -> expressions(panel).stream())
			.forEach((expression) -> PromQl.parse(expression)
				.selectors()
				.forEach((selector) -> shown.add(selector.metric())));
		assertThat(SCRAPE.metrics()).filteredOn((metric) -> metric.startsWith("background_jobs_")).isSubsetOf(shown);
	}

	private List<JsonNode> panels() {
		List<JsonNode> panels = new ArrayList<>();
		for (JsonNode panel : this.dashboard.path("panels")) {
			if (!panel.path("type").asString().equals("row")) {
				panels.add(panel);
			}
		}
		return panels;
	}

	private static List<String> expressions(JsonNode panel) {
		return panel.path("targets").findValuesAsString("expr");
	}

	private static List<String> variables(String expression) {
		return VARIABLE.matcher(expression).results().map((variable) -> variable.group(1)).toList();
	}

	private static String title(JsonNode panel) {
		return panel.path("title").asString();
	}

}
