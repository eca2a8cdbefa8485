package io.backgroundjobs.actuate;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may see and do what, over HTTP with Spring Security.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointSecurityTests {

	private static final List<String> READS = List.of("", "/jobs", "/periodic", "/periodic/hourly", "/pools",
			"/pools/default", "/history", "/jobs/{id}");

	private static final List<String> PERIODIC_WRITES = List.of("{\"action\":\"trigger\"}",
			"{\"action\":\"pause\",\"note\":\"x\"}", "{\"action\":\"resume\"}",
			"{\"action\":\"reschedule\",\"every\":\"1m\"}");

	private static final List<String> POOL_WRITES = List.of("{\"action\":\"resize\",\"limit\":1}",
			"{\"action\":\"pause\"}", "{\"action\":\"resume\"}");

	private final ActuatorApplication open = ActuatorApplication
		.start("management.endpoint.backgroundjobs.access=unrestricted");

	private final ActuatorApplication byDefault = ActuatorApplication.start();

	@BeforeAll
	void addJobs() {
		Stream.of(this.open, this.byDefault).forEach((application) -> {
			application.jobs().addPeriodic(hourly(), () -> "done");
			application.jobs().pausePool("default");
			application.jobs().spawn("held", () -> "done");
		});
	}

	@AfterAll
	void close() {
		this.open.jobs().resumePool("default");
		this.byDefault.jobs().resumePool("default");
		this.open.close();
		this.byDefault.close();
	}

	@ParameterizedTest
	@MethodSource("reads")
	void anonymousSeesNothing(String path) throws Exception {
		Answer answer = this.open.get(null, path(this.open, path));
		assertThat(answer.status()).isEqualTo(401);
		assertThat(answer.text()).doesNotContain("held", "total", "\"name\"");
	}

	@Test
	void anonymousDoesNothing() throws Exception {
		assertNothingChanges(this.open, null, 401);
	}

	@ParameterizedTest
	@MethodSource("reads")
	void readerReads(String path) throws Exception {
		assertThat(this.open.get("reader", path(this.open, path)).status()).isEqualTo(200);
	}

	@Test
	void readerChangesNothing() throws Exception {
		assertNothingChanges(this.open, "reader", 403);
	}

	@ParameterizedTest
	@MethodSource("reads")
	void operatorReadsByDefault(String path) throws Exception {
		assertThat(this.byDefault.get("operator", path(this.byDefault, path)).status()).isEqualTo(200);
	}

	@Test
	void operatorChangesNothingByDefault() throws Exception {
		assertNothingChanges(this.byDefault, "operator", 405);
	}

	private static void assertNothingChanges(ActuatorApplication application, String user, int status)
			throws Exception {
		String before = picture(application);
		for (String body : PERIODIC_WRITES) {
			assertThat(application.post(user, path(application, "/periodic/hourly"), body).status()).isEqualTo(status);
		}
		for (String body : POOL_WRITES) {
			assertThat(application.post(user, path(application, "/pools/default"), body).status()).isEqualTo(status);
		}
		assertThat(application.delete(user, path(application, "/jobs/{id}")).status()).isEqualTo(status);
		assertThat(application.delete(user, path(application, "/pools/default/jobs")).status()).isEqualTo(status);
		assertThat(picture(application)).isEqualTo(before);
	}

	/**
	 * Return everything that a write could change.
	 */
	private static String picture(ActuatorApplication application) {
		PeriodicJobHandle hourly = application.jobs().findPeriodic("hourly").orElseThrow();
		assertThat(hourly.spec().schedule()).isInstanceOf(JobSchedule.FixedRate.class);
		return Stream
			.of(application.jobs().pools(), hourly.spec().schedule(), hourly.isPaused(), hourly.pauseNote(),
					hourly.ticks(), application.jobs().poolPauseNote("default"),
					application.jobs().jobs().stream().map(Job::toString).toList())
			.map(String::valueOf)
			.toList()
			.toString();
	}

	private static String path(ActuatorApplication application, String path) {
		String id = application.jobs()
			.jobs()
			.stream()
			.filter((job) -> job.state() == JobState.PENDING)
			.findFirst()
			.orElseThrow()
			.id();
		return ActuatorApplication.ROOT + path.replace("{id}", id);
	}

	private static PeriodicJobSpec hourly() {
		return PeriodicJobSpec.named("hourly").every(ofHours(1)).initialDelay(ofHours(1));
	}

	static List<String> reads() {
		return READS;
	}

}
