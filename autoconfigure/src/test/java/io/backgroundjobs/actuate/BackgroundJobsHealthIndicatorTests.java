package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.Gate;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;
import io.backgroundjobs.engine.ManualClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;

/**
 * What is found wrong with an engine whose time the test owns, and what follows from it.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class BackgroundJobsHealthIndicatorTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	private static final HealthCriteria CRITERIA = new HealthCriteria(Duration.ofMinutes(5), 3, MINUTE,
			Duration.ofMinutes(2), Set.of());

	private final ManualClock clock = new ManualClock();

	private final Gate gate = new Gate();

	private final JobEngine engine = new JobEngineBuilder().clock(this.clock)
		.pool(PoolSpec.named("small").withLimit(1))
		.build();

	private final DurableJobs durableJobs = mock();

	private final Map<String, HealthCriteria> ofJobs = new HashMap<>();

	BackgroundJobsHealthIndicatorTests() {
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.gate.open(1_000);
		this.engine.removeAllPeriodic();
		this.engine.jobs().forEach(Job::cancel);
		this.engine.stop();
	}

	@Test
	void nothingIsSaidWhereNothingIsWrong() throws Exception {
		PeriodicJobHandle job = daily("daily", (run) -> "done");
		job.trigger().await();
		this.engine.spawn("spawned", () -> "done").await();
		assertThat(health()).isEqualTo(Health.up().build());
	}

	@ParameterizedTest
	@EnumSource
	void eachConditionMakesDownWhereItIsNamed(HealthCondition condition) throws Exception {
		everythingIsWrong();
		Health down = health(downOn(CRITERIA, condition));
		assertThat(down.getStatus()).isEqualTo(Status.DOWN);
		Health up = health();
		assertThat(up.getStatus()).isEqualTo(Status.UP);
		for (Health health : List.of(up, down)) {
			assertThat(health.getDetails()).containsOnlyKeys("overdue", "failing", "stuck", "saturated", "unavailable");
			health.getDetails().forEach((key, detail) -> {
				boolean makesDown = health == down && key.equals(condition.name().toLowerCase(Locale.ROOT));
				assertThat(detail.toString()).contains("count=1", "down=" + makesDown);
			});
		}
	}

	@Test
	void jobIsOverdueFromTheBoundOnUntilItStarts() throws Exception {
		occupy();
		PeriodicJobHandle job = this.engine
			.addPeriodic(PeriodicJobSpec.named("daily").every(DAY).initialDelay(MINUTE).pool("small"), () -> "done");
		this.clock.advance(MINUTE);
		Instant due = this.clock.instant();
		HealthCriteria criteria = new HealthCriteria(Duration.ofMinutes(5), 3, DAY, DAY,
				Set.of(HealthCondition.OVERDUE));
		this.clock.advance(Duration.ofMinutes(5).minusNanos(1));
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		this.clock.advance(Duration.ofNanos(1));
		assertThat(health(criteria).getStatus()).isEqualTo(Status.DOWN);
		assertThat(only(health(criteria), "overdue", "jobs"))
			.isEqualTo(Map.of("name", "daily", "down", true, "since", due));
		this.gate.open(1);
		await(() -> job.lastRun() != null);
		assertThat(health(criteria)).isEqualTo(Health.up().build());
	}

	@Test
	void jobIsFailingFromTheBoundOnUntilItSucceeds() throws Exception {
		boolean[] broken = { true };
		PeriodicJobHandle job = daily("daily", (run) -> {
			if (broken[0]) {
				throw new IllegalStateException("password=secret");
			}
			return "done";
		});
		HealthCriteria criteria = downOn(CRITERIA, HealthCondition.FAILING);
		run(job, 2);
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		run(job, 1);
		assertThat(health(criteria).getStatus()).isEqualTo(Status.DOWN);
		assertThat(only(health(criteria), "failing", "jobs")).isEqualTo(
				Map.of("name", "daily", "down", true, "failures", 3, "exception", "java.lang.IllegalStateException"));
		assertThat(health(criteria).toString()).doesNotContain("secret");
		broken[0] = false;
		run(job, 1);
		assertThat(health(criteria)).isEqualTo(Health.up().build());
	}

	@Test
	void failureIsNamedAlsoWhileTheNextRunIsUnderWay() throws Exception {
		boolean[] broken = { true };
		PeriodicJobHandle job = daily("daily", (run) -> {
			if (broken[0]) {
				throw new IllegalStateException("broken");
			}
			this.gate.pass();
			return "done";
		});
		run(job, 3);
		broken[0] = false;
		job.trigger();
		this.gate.awaitEntered(1);
		assertThat(only(health(), "failing", "jobs")).containsEntry("exception", "java.lang.IllegalStateException");
	}

	@Test
	void jobIsStuckFromTheBoundOnUntilItsBodyLeaves() throws Exception {
		Job<?> job = this.engine.spawn(JobOptions.named("deaf").timeout(MINUTE),
				(JobBody<?>) (run) -> this.gate.passUninterrupted());
		this.gate.awaitEntered(1);
		this.clock.advance(MINUTE);
		Instant since = this.clock.instant();
		HealthCriteria criteria = downOn(CRITERIA, HealthCondition.STUCK);
		this.clock.advance(MINUTE.minusNanos(1));
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		this.clock.advance(Duration.ofNanos(1));
		assertThat(health(criteria).getStatus()).isEqualTo(Status.DOWN);
		assertThat(only(health(criteria), "stuck", "jobs"))
			.isEqualTo(Map.of("name", "deaf", "down", true, "id", job.id(), "pool", "default", "since", since));
		this.gate.open(1);
		await(() -> this.engine.overrunning().isEmpty());
		assertThat(health(criteria)).isEqualTo(Health.up().build());
	}

	@Test
	void poolIsSaturatedFromTheBoundOnUntilItHasAPlace() throws Exception {
		occupy();
		this.engine.spawn(JobOptions.named("pending").pool("small"), (run) -> "done");
		Instant since = this.clock.instant();
		HealthCriteria criteria = downOn(CRITERIA, HealthCondition.SATURATED);
		this.clock.advance(Duration.ofMinutes(2).minusNanos(1));
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		this.clock.advance(Duration.ofNanos(1));
		assertThat(health(criteria).getStatus()).isEqualTo(Status.DOWN);
		assertThat(only(health(criteria), "saturated", "pools"))
			.isEqualTo(Map.of("name", "small", "down", true, "since", since, "active", 1, "limit", 1, "pending", 1));
		this.engine.pausePool("small");
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		this.engine.resumePool("small");
		this.gate.open(1);
		await(() -> this.engine.jobs().isEmpty());
		assertThat(health(criteria)).isEqualTo(Health.up().build());
	}

	@Test
	void databaseIsUnavailableAsLongAsItDoesNotAnswerAndIsNotAsked() {
		Instant since = this.clock.instant();
		HealthCriteria criteria = downOn(CRITERIA, HealthCondition.UNAVAILABLE);
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		given(this.durableJobs.unavailableSince()).willReturn(since);
		assertThat(health(criteria).getStatus()).isEqualTo(Status.DOWN);
		assertThat(only(health(criteria), "unavailable", "databases"))
			.isEqualTo(Map.of("name", "durable jobs", "down", true, "since", since));
		given(this.durableJobs.unavailableSince()).willReturn(null);
		assertThat(health(criteria)).isEqualTo(Health.up().build());
		then(this.durableJobs).should(atLeastOnce()).unavailableSince();
		then(this.durableJobs).shouldHaveNoMoreInteractions();
	}

	@Test
	void withoutDurableJobsNothingIsUnavailable() {
		assertThat(
				new BackgroundJobsHealthIndicator(this.engine, null, CRITERIA, (job) -> CRITERIA, this.clock::instant)
					.health())
			.isEqualTo(Health.up().build());
	}

	@Test
	void whatIsSetForAJobGoesBefore() throws Exception {
		run(daily("strict", BackgroundJobsHealthIndicatorTests::fail), 1);
		run(daily("lenient", BackgroundJobsHealthIndicatorTests::fail), 3);
		run(daily("deaf-to-it", BackgroundJobsHealthIndicatorTests::fail), 3);
		HealthCriteria criteria = downOn(CRITERIA, HealthCondition.FAILING);
		this.ofJobs.put("lenient", new HealthCriteria(DAY, 4, DAY, DAY, criteria.downOn()));
		this.ofJobs.put("deaf-to-it", new HealthCriteria(DAY, 3, DAY, DAY, Set.of()));
		Health up = health(criteria);
		assertThat(up.getStatus()).isEqualTo(Status.UP);
		assertThat(only(up, "failing", "jobs")).containsEntry("name", "deaf-to-it").containsEntry("down", false);
		this.ofJobs.put("strict", new HealthCriteria(DAY, 1, DAY, DAY, criteria.downOn()));
		Health down = health(criteria);
		assertThat(down.getStatus()).isEqualTo(Status.DOWN);
		assertThat(listed(down, "failing", "jobs")).extracting((job) -> job.get("name"))
			.containsExactly("strict", "deaf-to-it");
	}

	@Test
	void itGoesBeforeForEachCondition() throws Exception {
		everythingIsWrong();
		HealthCriteria strict = new HealthCriteria(DAY, 100, DAY, MINUTE, Set.of(HealthCondition.SATURATED));
		List.of("late", "fails", "deaf", "small").forEach((job) -> this.ofJobs.put(job, strict));
		// Neither a pool nor the database is a job, whatever its name.
		HealthCriteria pools = downOn(CRITERIA, HealthCondition.STUCK);
		assertThat(health(pools).getStatus()).isEqualTo(Status.UP);
		assertThat(health(pools).getDetails()).containsOnlyKeys("saturated", "unavailable");
	}

	@Test
	void fewOfManyAreListedAndThoseThatMakeDownFirst() throws Exception {
		for (int i = 0; i < 25; i++) {
			run(daily("job-" + i, BackgroundJobsHealthIndicatorTests::fail), 1);
		}
		HealthCriteria one = new HealthCriteria(DAY, 1, DAY, DAY, Set.of());
		IntStream.of(22, 24).forEach((i) -> this.ofJobs.put("job-" + i, downOn(one, HealthCondition.FAILING)));
		Health health = health(one);
		assertThat(health.getDetails().get("failing").toString()).startsWith("{count=25,");
		assertThat(listed(health, "failing", "jobs")).hasSize(20)
			.extracting((job) -> job.get("name"))
			.startsWith("job-22", "job-24", "job-0")
			.endsWith("job-17");
	}

	private void everythingIsWrong() throws Exception {
		run(daily("fails", BackgroundJobsHealthIndicatorTests::fail), 3);
		Job<?> deaf = this.engine.spawn("deaf", () -> this.gate.passUninterrupted());
		this.gate.awaitEntered(1);
		deaf.cancel();
		occupy();
		this.engine.addPeriodic(PeriodicJobSpec.named("late").every(DAY).initialDelay(MINUTE).pool("small"),
				() -> "done");
		this.clock.advance(Duration.ofMinutes(6));
		given(this.durableJobs.unavailableSince()).willReturn(this.clock.instant());
	}

	private void occupy() throws InterruptedException {
		this.engine.spawn(JobOptions.named("occupies").pool("small"), (JobBody<?>) (run) -> {
			this.gate.pass();
			return "done";
		});
		this.gate.awaitEntered(1);
	}

	private PeriodicJobHandle daily(String name, JobBody<?> body) {
		return this.engine.addPeriodic(PeriodicJobSpec.named(name).every(DAY).initialDelay(DAY), body);
	}

	private Health health() {
		return health(CRITERIA);
	}

	private Health health(HealthCriteria criteria) {
		return new BackgroundJobsHealthIndicator(this.engine, this.durableJobs, criteria,
				(job) -> this.ofJobs.getOrDefault(job, criteria), this.clock::instant)
			.health();
	}

	private static void run(PeriodicJobHandle job, int times) {
		for (int i = 0; i < times; i++) {
			job.trigger().toFuture().exceptionally((ex) -> null).join();
		}
	}

	private static void await(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			Thread.onSpinWait();
		}
	}

	private static HealthCriteria downOn(HealthCriteria criteria, HealthCondition condition) {
		return new HealthCriteria(criteria.overdueAfter(), criteria.failures(), criteria.stuckAfter(),
				criteria.saturatedAfter(), Set.of(condition));
	}

	private static Map<String, Object> only(Health health, String condition, String kind) {
		List<Map<String, Object>> listed = listed(health, condition, kind);
		assertThat(listed).hasSize(1);
		return listed.get(0);
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> listed(Health health, String condition, String kind) {
		return (List<Map<String, Object>>) ((Map<String, Object>) health.getDetails().get(condition)).get(kind);
	}

	private static Object fail(Object job) {
		throw new IllegalStateException("broken");
	}

}
