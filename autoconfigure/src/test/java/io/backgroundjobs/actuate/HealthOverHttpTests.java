package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The health of the jobs as probes and operators see it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HealthOverHttpTests {

	private static final String PATH = "/actuator/health/backgroundJobs";

	private static final PeriodicJobSpec REPORT = PeriodicJobSpec.named("nightly-report")
		.every(Duration.ofDays(1))
		.initialDelay(Duration.ofDays(1));

	private static final PeriodicJobSpec LEASE = PeriodicJobSpec.named("lease-renewal")
		.every(Duration.ofDays(1))
		.initialDelay(Duration.ofDays(1));

	@Test
	void statusAndDetailsAreThoseOfTheComponentAndOfItsGroups() throws Exception {
		try (ActuatorApplication application = ActuatorApplication.start(
				"management.endpoint.health.show-details=always",
				"management.endpoint.health.group.jobs.include=backgroundJobs",
				"management.endpoint.health.group.jobs.show-details=never",
				"background-jobs.jobs.lease-renewal.optional=true",
				"background-jobs.jobs.lease-renewal.health.down-on=failing",
				"background-jobs.jobs.lease-renewal.health.failures=1")) {
			assertThat(application.get("operator", PATH).text()).isEqualTo("{\"status\":\"UP\"}");
			fail(application, REPORT, 3);
			Answer up = application.get("operator", PATH);
			assertThat(up.status()).isEqualTo(200);
			assertThat(up.at("status")).isEqualTo("UP");
			assertThat(up.body().get("details")).hasToString("{\"failing\":{\"count\":1,\"jobs\":["
					+ "{\"name\":\"nightly-report\",\"down\":false,\"failures\":3,"
					+ "\"exception\":\"java.lang.IllegalStateException\"}]}}");
			assertThat(application.get("operator", "/actuator/health").status()).isEqualTo(200);
			fail(application, LEASE, 1);
			Answer down = application.get("operator", PATH);
			assertThat(down.status()).isEqualTo(503);
			JsonNode first = down.body().at("/details/failing/jobs/0");
			assertThat(first.get("name").asString()).isEqualTo("lease-renewal");
			assertThat(first.get("down").asBoolean()).isTrue();
			assertThat(application.get("operator", "/actuator/health").status()).isEqualTo(503);
			Answer group = application.get("operator", "/actuator/health/jobs");
			assertThat(group.status()).isEqualTo(503);
			assertThat(group.at("status")).isEqualTo("DOWN");
			assertThat(group.text()).doesNotContain("lease-renewal");
		}
	}

	@Test
	void instantsAreWrittenAsText() throws Exception {
		try (ActuatorApplication application = ActuatorApplication.start(
				"management.endpoint.health.show-details=always", "background-jobs.health.overdue-after=1ns",
				"background-jobs.pools.small.limit=1")) {
			application.jobs().spawn(JobOptions.named("occupies").pool("small"), (JobBody<?>) (job) -> {
				new CountDownLatch(1).await();
				return null;
			});
			application.jobs()
				.addPeriodic(PeriodicJobSpec.named("late").every(Duration.ofDays(1)).pool("small"), () -> "done");
			String since = "";
			while (since.isEmpty()) {
				since = application.get("operator", PATH).at("details/overdue/jobs/0/since");
			}
			assertThat(Instant.parse(since)).isBeforeOrEqualTo(Instant.now());
			application.jobs().cancelAll("small");
		}
	}

	private static void fail(ActuatorApplication application, PeriodicJobSpec spec, int times) {
		PeriodicJobHandle job = application.jobs().addPeriodic(spec, (Runnable) () -> {
			throw new IllegalStateException("broken");
		});
		for (int i = 0; i < times; i++) {
			job.trigger().toFuture().exceptionally((ex) -> null).join();
		}
	}

}
