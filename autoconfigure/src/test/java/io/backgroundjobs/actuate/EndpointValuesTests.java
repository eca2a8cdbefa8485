package io.backgroundjobs.actuate;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.PeriodicJobSpec;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code show-values} shows, to whom.
 */
class EndpointValuesTests {

	private static final String PREFIX = "management.endpoint.backgroundjobs.";

	@ParameterizedTest
	@MethodSource
	void valuesAreShownTo(String[] properties, boolean reader, boolean operator) throws Exception {
		try (ActuatorApplication application = ActuatorApplication.start(properties)) {
			assertShown(application, "reader", reader);
			assertShown(application, "operator", operator);
		}
	}

	static Stream<Arguments> valuesAreShownTo() {
		return Stream.of(Arguments.argumentSet("by default", new String[] {}, false, false),
				Arguments.argumentSet("never", new String[] { PREFIX + "show-values=never" }, false, false),
				Arguments.argumentSet("always", new String[] { PREFIX + "show-values=always" }, true, true),
				Arguments.argumentSet("when authorized, any role",
						new String[] { PREFIX + "show-values=when-authorized" }, true, true),
				Arguments.argumentSet("when authorized, one role",
						new String[] { PREFIX + "show-values=when-authorized", PREFIX + "roles=OPERATOR" }, false,
						true));
	}

	private static void assertShown(ActuatorApplication application, String user, boolean shown) throws Exception {
		BackgroundJobScheduler jobs = application.jobs();
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		Job<?> running = jobs.spawn("running", () -> {
			started.countDown();
			gate.await();
			return null;
		});
		Job<?> failed = jobs.spawn("failing", () -> {
			throw new IllegalStateException("token=abc", new IllegalArgumentException("key=def"));
		});
		failed.toFuture().exceptionally((ex) -> null).get();
		started.await();
		jobs.addPeriodic(PeriodicJobSpec.named("hourly").every(ofHours(1)).initialDelay(ofHours(1)).replacing(),
				() -> "done");
		jobs.findPeriodic("hourly").orElseThrow().pause("me", "secret=ghi");
		try {
			JsonNode job = read(application, user, "/jobs/" + failed.id());
			assertThat(job.at("/exception/type").asString()).isEqualTo("java.lang.IllegalStateException");
			assertThat(job.at("/exception/cause/type").asString()).isEqualTo("java.lang.IllegalArgumentException");
			assertThat(job.at("/exception/message").asString()).isEqualTo(shown ? "token=abc" : "******");
			assertThat(job.at("/exception/cause/message").asString()).isEqualTo(shown ? "key=def" : "******");
			assertThat(job.at("/exception").has("stackTrace")).isEqualTo(shown);
			JsonNode listed = read(application, user, "/history?name=failing").at("/items/0/exception");
			assertThat(listed.get("message").asString()).isEqualTo(shown ? "token=abc" : "******");
			assertThat(listed.has("stackTrace")).isFalse();
			JsonNode live = read(application, user, "/jobs/" + running.id());
			assertThat(live.has("stackTrace")).isEqualTo(shown);
			if (shown) {
				assertThat(live.get("stackTrace").toString()).contains(EndpointValuesTests.class.getName());
			}
			JsonNode note = read(application, user, "/periodic/hourly").get("pauseNote");
			assertThat(note.get("by").asString()).isEqualTo("me");
			assertThat(note.get("note").asString()).isEqualTo(shown ? "secret=ghi" : "******");
		}
		finally {
			gate.countDown();
		}
	}

	private static JsonNode read(ActuatorApplication application, String user, String path) throws Exception {
		ActuatorApplication.Answer answer = application.get(user, ActuatorApplication.ROOT + path);
		assertThat(answer.status()).isEqualTo(200);
		return answer.body();
	}

}
