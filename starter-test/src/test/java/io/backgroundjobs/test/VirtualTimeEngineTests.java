package io.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link VirtualTime} as the clock of an engine.
 */
class VirtualTimeEngineTests {

	private static final Instant START = Instant.parse("2026-03-29T00:00:00Z");

	private final VirtualTime time = new VirtualTime(START, Duration.ofSeconds(10));

	private final AtomicInteger failures = new AtomicInteger();

	private final JobEngine engine = new JobEngineBuilder().clock(this.time)
		.exceptionHandler((job, failure) -> this.failures.incrementAndGet())
		.shutdown(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(200))
		.build();

	private final CountDownLatch release = new CountDownLatch(1);

	VirtualTimeEngineTests() {
		this.time.watch(this.engine);
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.release.countDown();
		this.time.continueInRealTime();
		this.engine.stop();
	}

	@Test
	void fixedRateTicksAtEachOfItsInstants() {
		List<Instant> runs = Collections.synchronizedList(new ArrayList<>());
		this.engine.addPeriodic("clean-up", Duration.ofSeconds(30), () -> runs.add(this.time.now()));
		assertThat(runs).isEmpty();
		this.time.advance(Duration.ZERO);
		assertThat(runs).containsExactly(START);
		this.time.advance(Duration.ofMinutes(1));
		assertThat(runs).containsExactly(START, START.plusSeconds(30), START.plusSeconds(60));
		this.time.advance(Duration.ofHours(24));
		assertThat(runs).hasSize(3 + 24 * 120);
	}

	@Test
	void cronFollowsTheWallClock() {
		PeriodicJobHandle report = this.engine
			.addPeriodic(PeriodicJobSpec.named("report").cron("0 30 2 * * *", ZoneId.of("Europe/Paris")), () -> {
			});
		assertThat(report.nextRun()).isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
		this.time.advance(Duration.ofMinutes(59));
		assertThat(report.ticks().get(TickResult.RAN)).isZero();
		this.time.advance(Duration.ofMinutes(1));
		assertThat(report.ticks().get(TickResult.RAN)).isEqualTo(1);
		this.time.advance(Duration.ofDays(3));
		assertThat(report.ticks().get(TickResult.RAN)).isEqualTo(4);
	}

	@Test
	void correctedWallClockIsSeenWithinAMinute() {
		PeriodicJobHandle report = this.engine
			.addPeriodic(PeriodicJobSpec.named("report").cron("0 0 12 * * *", ZoneId.of("UTC")), () -> {
			});
		this.time.advance(Duration.ZERO);
		this.time.setWallClock(START.plus(Duration.ofHours(12)).plusSeconds(5));
		this.time.advance(Duration.ofSeconds(60));
		assertThat(report.ticks().get(TickResult.RAN)).isEqualTo(1);
	}

	@Test
	void delayedJobRunsWhenItIsDue() {
		Job<@Nullable Void> job = this.engine.spawn(JobOptions.named("reminder").delay(Duration.ofHours(1)), () -> {
		});
		this.time.advance(Duration.ofMinutes(59));
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		this.time.advance(Duration.ofMinutes(1));
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(job.startedAt()).isEqualTo(START.plusSeconds(3600));
	}

	@Test
	void retriesFollowTheirBackOff() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(2).delay(Duration.ofSeconds(10)).build();
		Job<?> job = this.engine.spawn(JobOptions.named("mail").retry(policy), (context) -> {
			throw new IllegalStateException("attempt " + context.attempt());
		});
		this.time.awaitIdle();
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		this.time.advance(Duration.ofSeconds(10));
		assertThat(job.attempts()).isEqualTo(2);
		this.time.advance(Duration.ofSeconds(10));
		assertThat(job.state()).isEqualTo(JobState.FAILED);
		assertThat(job.failure()).hasMessage("attempt 3");
		assertThat(this.failures).hasValue(1);
	}

	@Test
	void jobRunsIntoItsTimeoutWhileTimePasses() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		Job<?> job = this.engine.spawn(JobOptions.named("slow").timeout(Duration.ofMinutes(5)), () -> {
			started.countDown();
			return this.release.await(1, TimeUnit.MINUTES);
		});
		started.await();
		this.time.advanceWithoutWaiting(Duration.ofMinutes(4));
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.time.advanceWithoutWaiting(Duration.ofMinutes(1));
		assertThat(job.state()).isEqualTo(JobState.FAILED);
		assertThat(job.failure()).isInstanceOf(JobTimeoutException.class);
	}

	@Test
	void ticksOverlapARunWhileTimePassesWithoutWaiting() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		PeriodicJobHandle slow = this.engine.addPeriodic("slow", Duration.ofSeconds(10), () -> {
			started.countDown();
			this.release.await();
			return null;
		});
		this.time.advanceWithoutWaiting(Duration.ZERO);
		started.await();
		this.time.advanceWithoutWaiting(Duration.ofSeconds(30));
		assertThat(slow.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.OVERLAP, 3L);
		this.release.countDown();
		this.time.advance(Duration.ofSeconds(10));
		assertThat(slow.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void advanceFailsWhenAJobDoesNotEndAndSaysWhich() {
		VirtualTime impatient = new VirtualTime(START, Duration.ofMillis(50));
		try (JobEngine other = new JobEngineBuilder().clock(impatient).build()) {
			impatient.watch(other);
			other.start();
			Job<?> hanging = other.spawn("hanging", () -> {
				this.release.await();
				return null;
			});
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> impatient.advance(Duration.ofSeconds(1)))
				.withMessageContaining("RUNNING hanging (" + hanging.id() + ")");
			this.release.countDown();
			impatient.advance(Duration.ofSeconds(1));
			assertThat(hanging.state()).isEqualTo(JobState.SUCCEEDED);
		}
	}

	@Test
	void whenAnAdvanceReturnsHandlersHaveBeenCalled() {
		this.engine.addPeriodic("failing", Duration.ofSeconds(1), () -> {
			throw new IllegalStateException("from the job");
		});
		for (int i = 1; i <= 500; i++) {
			this.time.advance((i == 1) ? Duration.ZERO : Duration.ofSeconds(1));
			assertThat(this.failures).hasValue(i);
		}
	}

	@Test
	void fixedDelayIsMeasuredFromTheEndOfEachRun() {
		PeriodicJobHandle poll = this.engine
			.addPeriodic(PeriodicJobSpec.named("poll").fixedDelay(Duration.ofSeconds(7)), () -> {
			});
		for (int i = 1; i <= 500; i++) {
			this.time.advance((i == 1) ? Duration.ZERO : Duration.ofSeconds(7));
			assertThat(poll.ticks().get(TickResult.RAN)).isEqualTo(i);
		}
	}

	@Test
	void twoRunsOfOneScenarioSeeTheSameOrder() {
		List<String> first = scenario();
		assertThat(first).hasSizeGreaterThan(90);
		for (int i = 0; i < 10; i++) {
			assertThat(scenario()).isEqualTo(first);
		}
	}

	@Test
	void shutdownKeepsItsBoundsOnceTimeIsReal() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		this.engine.spawn("hanging", () -> {
			started.countDown();
			this.release.await();
			return null;
		});
		this.engine.spawn(JobOptions.named("later").delay(Duration.ofDays(1)), () -> {
		});
		started.await();
		this.time.continueInRealTime();
		ShutdownReport report = this.engine.stop();
		assertThat(report.jobs(ShutdownReport.Fate.CANCELLED)).extracting(ShutdownReport.Entry::name)
			.containsExactly("hanging");
		assertThat(report.jobs(ShutdownReport.Fate.DROPPED)).extracting(ShutdownReport.Entry::name)
			.containsExactly("later");
	}

	@Test
	void restartedEngineTicksAgain() {
		AtomicInteger runs = new AtomicInteger();
		this.engine.addPeriodic("clean-up", Duration.ofSeconds(30), () -> runs.incrementAndGet());
		this.time.advance(Duration.ofSeconds(60));
		assertThat(runs).hasValue(3);
		this.engine.stop();
		this.time.advance(Duration.ofSeconds(60));
		assertThat(runs).hasValue(3);
		this.engine.start();
		this.time.advance(Duration.ofSeconds(30));
		assertThat(runs).hasValueGreaterThanOrEqualTo(4);
	}

	/**
	 * Jobs of all kinds that are often due together.
	 */
	private static List<String> scenario() {
		List<String> events = Collections.synchronizedList(new ArrayList<>());
		VirtualTime time = new VirtualTime();
		try (JobEngine engine = new JobEngineBuilder().clock(time).instance("node").build()) {
			time.watch(engine);
			engine.start();
			RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(5)).build();
			for (String name : List.of("a", "b", "c")) {
				engine.addPeriodic(PeriodicJobSpec.named(name).every(Duration.ofSeconds(5)), (job) -> {
					events.add(time.now() + " " + name);
					engine.spawn(JobOptions.named(name + "-later").delay(Duration.ofSeconds(5)),
							() -> events.add(time.now() + " " + name + "-later"));
					return null;
				});
			}
			engine.addPeriodic(PeriodicJobSpec.named("d").fixedDelay(Duration.ofSeconds(5)).retry(policy), (job) -> {
				events.add(time.now() + " d" + job.attempt());
				if (job.attempt() == 1) {
					throw new IllegalStateException("first attempt");
				}
				return null;
			});
			engine.addPeriodic(PeriodicJobSpec.named("e").cron("*/5 * * * * *", ZoneId.of("UTC")),
					() -> events.add(time.now() + " e"));
			time.advance(Duration.ofSeconds(60));
		}
		return List.copyOf(events);
	}

}
