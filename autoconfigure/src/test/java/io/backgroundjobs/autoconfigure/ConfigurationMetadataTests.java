package io.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigurationMetadataTests {

	private final JsonNode metadata = read();

	@Test
	void everyPropertyIsDescribedInTheStyleOfBoot() {
		assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
			String name = property.get("name").asString();
			String description = property.path("description").asString("");
			assertThat(description).as(name).isNotBlank().endsWith(".").doesNotStartWith("The ").doesNotStartWith("A ");
			assertThat(description.toLowerCase(Locale.ROOT)).as(name).doesNotContain("default");
			if (property.get("type").asString().equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void everyPropertyOfTheDesignIsThere() {
		assertThat(properties()).extracting((property) -> property.get("name").asString())
			.containsExactlyInAnyOrder("background-jobs.enabled", "background-jobs.minimum-interval",
					"background-jobs.pools", "background-jobs.jobs", "background-jobs.history.size",
					"background-jobs.metrics.max-names", "background-jobs.context.exclude",
					"background-jobs.web.retry-after", "background-jobs.shutdown.wait-timeout",
					"background-jobs.shutdown.shield-timeout", "background-jobs.shutdown.close-timeout",
					"background-jobs.shutdown.grace-period", "management.endpoint.backgroundjobs.access",
					"background-jobs.health.overdue-after", "background-jobs.health.failures",
					"background-jobs.health.stuck-after", "background-jobs.health.saturated-after",
					"background-jobs.health.down-on", "background-jobs.durable.table",
					"background-jobs.durable.initialize-schema", "background-jobs.durable.poll-interval",
					"background-jobs.durable.heartbeat-interval", "background-jobs.durable.max-payload-size",
					"management.health.backgroundjobs.enabled", "management.endpoint.backgroundjobs.cache.time-to-live",
					"management.endpoint.backgroundjobs.show-values", "management.endpoint.backgroundjobs.roles");
	}

	@Test
	void hintsAreForPropertiesThatThereAre() {
		List<String> names = properties().stream().map((property) -> property.get("name").asString()).toList();
		assertThat(this.metadata.get("hints").values())
			.extracting((hint) -> hint.get("name").asString().replaceAll("\\.(keys|values)$", ""))
			.isNotEmpty()
			.isSubsetOf(names);
	}

	@Test
	void everyPropertyStandsInTheReference() throws IOException {
		String reference = Files.readString(reference());
		Stream<String> plain = properties().stream()
			.map((property) -> property.get("name").asString())
			.filter((name) -> !name.equals("background-jobs.pools") && !name.equals("background-jobs.jobs"))
			.map((name) -> name.replaceFirst("^background-jobs\\.", ""));
		Stream<String> pools = dashed(BackgroundJobProperties.Pool.class).map("pools.<name>."::concat);
		Stream<String> jobs = jobAttributes().map("jobs.<name>."::concat);
		assertThat(Stream.of(plain, pools, jobs).flatMap((names) -> names))
			.allSatisfy((name) -> assertThat(reference).contains("`" + name + "`"));
	}

	@Test
	void attributesOfJobsAreThoseThatAreBound() {
		assertThat(Arrays.stream(JobAttribute.values()).map(JobAttribute::dashed))
			.containsExactlyElementsOf(jobAttributes().toList());
	}

	private static Stream<String> jobAttributes() {
		return dashed(JobProperties.class).flatMap((attribute) -> attribute.equals("health")
				? dashed(JobProperties.Health.class).map("health."::concat) : Stream.of(attribute));
	}

	private static Stream<String> dashed(Class<? extends Record> type) {
		return Arrays.stream(type.getRecordComponents())
			.map(RecordComponent::getName)
			.map((name) -> String.join("-",
					Arrays.stream(name.split("(?=[A-Z])")).map(StringUtils::uncapitalize).toList()))
			.filter(ConfigurationPropertyName::isValid);
	}

	private List<JsonNode> properties() {
		return List.copyOf(this.metadata.get("properties").values());
	}

	private static Path reference() {
		Path here = Path.of("").toAbsolutePath();
		Path reference = here.resolve("docs/configuration.md");
		return Files.exists(reference) ? reference : here.getParent().resolve("docs/configuration.md");
	}

	private static JsonNode read() {
		try (InputStream stream = BackgroundJobProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			assertThat(stream).isNotNull();
			return new JsonMapper().readTree(stream);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
