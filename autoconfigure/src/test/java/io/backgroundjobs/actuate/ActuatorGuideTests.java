package io.backgroundjobs.actuate;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;
import io.backgroundjobs.actuate.DurableApplication.Kept;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends the requests of docs/actuator.md, one after the other, and compares the answers
 * with those that stand there. What differs from run to run is compared by its form.
 */
class ActuatorGuideTests {

	private static final Pattern EXAMPLE = Pattern
		.compile("```http\n(\\w+) (\\S+)\n(?:\n(\\{[^\n]*}\n))?```\n+```json\n(.*?)```", Pattern.DOTALL);

	/** The member that stands for others. */
	private static final String ELLIPSIS = "...";

	private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[\\d.]+Z");

	private static final Pattern THREAD = Pattern.compile("http-nio-[\\w-]+-exec-\\d+");

	private static final JsonMapper json = new JsonMapper();

	/** The identifiers of the document, and those of the jobs that took their parts. */
	private final Map<String, String> ids = new HashMap<>();

	@Test
	void answersAreThoseOfTheDocument() throws Exception {
		List<Example> examples = examples();
		assertThat(examples).hasSizeGreaterThan(15);
		CountDownLatch gate = new CountDownLatch(1);
		try (ActuatorApplication application = DurableApplication.start(
				"management.endpoint.backgroundjobs.access=unrestricted",
				"management.endpoint.backgroundjobs.show-values=when-authorized",
				"background-jobs.pools.reports.limit=2")) {
			prepare(application.jobs(), gate);
			prepare(application.bean(Kept.class));
			List<String> differences = new ArrayList<>();
			for (Example example : examples) {
				String path = example.path();
				for (Map.Entry<String, String> id : this.ids.entrySet()) {
					path = path.replace(id.getKey(), id.getValue());
				}
				Answer answer = application.send("operator", example.method(), path, example.body());
				JsonNode expected = json.readTree(example.answer());
				rememberIds(expected, answer.body());
				if (answer.status() != expected.path("status").asInt(200)
						|| !normal(null, shown(expected, answer.body())).equals(normal(null, expected))) {
					differences.add("%s %s answers %d %s".formatted(example.method(), path, answer.status(),
							answer.body().toPrettyString()));
				}
			}
			gate.countDown();
			application.jobs().resumePool("reports");
			assertThat(differences).isEmpty();
		}
		finally {
			gate.countDown();
		}
	}

	/**
	 * Bring about what the document begins with.
	 */
	private static void prepare(BackgroundJobScheduler jobs, CountDownLatch gate) throws Exception {
		jobs.addPeriodic(PeriodicJobSpec.named("clean-up").every(Duration.ofMinutes(5)), () -> "clean");
		jobs.addPeriodic(PeriodicJobSpec.named("nightly-report")
			.cron("0 30 2 * * *", ZoneId.of("Europe/Paris"))
			.pool("reports")
			.timeout(Duration.ofMinutes(10))
			.overlap(OverlapPolicy.QUEUE_ONE), () -> {
				throw new IllegalStateException("The report could not be sent",
						new ConnectException("Connection refused"));
			});
		while (jobs.history().isEmpty()) {
			Thread.onSpinWait();
		}
		assertThat(jobs.findPeriodic("clean-up").orElseThrow().ticks()).containsEntry(TickResult.RAN, 1L);
		jobs.findPeriodic("nightly-report").orElseThrow().trigger().toFuture().exceptionally((ex) -> null).get();
		CountDownLatch started = new CountDownLatch(1);
		jobs.spawn("import-photos", (JobBody<String>) (job) -> {
			job.progress(120, 400);
			started.countDown();
			gate.await();
			return "imported";
		});
		started.await();
	}

	private static void prepare(Kept kept) {
		String receipt = "6f0c1d9e-6c1e-4f0e-9c55-3f1c4f7f7c11";
		String invoice = "0d5c4f1c-7a9e-4f2f-b1f7-0c9a5a3e1b77";
		String order = "b2b8a1de-0f4b-4c3e-8a55-6f0d0c9d2e42";
		String failure = "java.net.ConnectException: Connection refused";
		kept.add("send-receipt", receipt, receipt, JobState.FAILED, failure);
		kept.add("import-invoice", invoice, invoice, JobState.FAILED, failure);
		kept.add("send-receipt", "key:order-4711", order, JobState.PENDING, null);
		kept.add("send-receipt", JobState.RUNNING, null);
	}

	private void rememberIds(JsonNode expected, JsonNode actual) {
		if (expected.isArray()) {
			for (int i = 0; i < expected.size(); i++) {
				rememberIds(expected.get(i), actual.path(i));
			}
		}
		expected.properties().forEach((member) -> {
			JsonNode value = actual.path(member.getKey());
			if (member.getKey().equals("id") && value.isString()) {
				this.ids.put(member.getValue().asString(), value.asString());
			}
			rememberIds(member.getValue(), value);
		});
	}

	/**
	 * Leave out of an answer what the document leaves out, and says so.
	 */
	private static JsonNode shown(JsonNode expected, JsonNode actual) {
		if (expected.has(ELLIPSIS) && actual instanceof ObjectNode object) {
			List<String> names = expected.propertyStream().map(Map.Entry::getKey).toList();
			return object.deepCopy().retain(names).put(ELLIPSIS, expected.get(ELLIPSIS).asString());
		}
		return actual;
	}

	private Object normal(@Nullable String name, JsonNode node) {
		if (node.isObject()) {
			Map<String, Object> members = new LinkedHashMap<>();
			node.properties()
				.forEach((member) -> members.put(member.getKey(), normal(member.getKey(), member.getValue())));
			return members;
		}
		if ("stackTrace".equals(name)) {
			assertThat(node.values()).isNotEmpty()
				.allSatisfy((frame) -> assertThat(frame.asString()).matches("\\S+\\(.+\\)|\\.\\.\\. \\d+ more"));
			return "<frames>";
		}
		if (node.isArray()) {
			List<Object> elements = new ArrayList<>();
			node.forEach((element) -> elements.add(normal(name, element)));
			return elements;
		}
		if (!node.isString()) {
			return node.toString();
		}
		return normal(String.valueOf(name), node.asString());
	}

	private static String normal(String name, String text) {
		if (name.equals("id")) {
			return "<id>";
		}
		if (name.equals("duration")) {
			assertThat(Duration.parse(text)).isGreaterThanOrEqualTo(Duration.ZERO);
			return "<duration>";
		}
		return THREAD.matcher(INSTANT.matcher(text).replaceAll("<instant>")).replaceAll("<thread>");
	}

	private static List<Example> examples() throws Exception {
		Path here = Path.of("").toAbsolutePath();
		Path document = Files.exists(here.resolve("docs")) ? here : here.getParent();
		Matcher matcher = EXAMPLE.matcher(Files.readString(document.resolve("docs/actuator.md")));
		List<Example> examples = new ArrayList<>();
		while (matcher.find()) {
			examples.add(new Example(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)));
		}
		return examples;
	}

	/**
	 * A request of the document, and its answer.
	 *
	 * @param method the HTTP method
	 * @param path the path and the query
	 * @param body what is sent, or {@code null}
	 * @param answer what comes back
	 */
	private record Example(String method, String path, @Nullable String body, String answer) {

	}

}
