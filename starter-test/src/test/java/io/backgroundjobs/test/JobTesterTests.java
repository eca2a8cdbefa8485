package io.backgroundjobs.test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link JobTester}.
 */
class JobTesterTests {

	private final VirtualTime time = new VirtualTime();

	private final AtomicInteger failures = new AtomicInteger();

	private final JobEngine engine = new JobEngineBuilder().clock(this.time)
		.exceptionHandler((job, failure) -> this.failures.incrementAndGet())
		.build();

	private final JobTester jobs = new JobTester(this.engine, this.time, Duration.ofSeconds(10));

	private final CountDownLatch release = new CountDownLatch(1);

	JobTesterTests() {
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
	void periodicJobRunsNowAndThatIsNoTick() throws Exception {
		PeriodicJobHandle report = this.engine.addPeriodic("report", Duration.ofHours(1), () -> 42);
		Job<?> job = this.jobs.runNow("report");
		assertThat(job.await()).isEqualTo(42);
		assertThat(report.ticks().values()).allMatch((count) -> count == 0);
		assertThat(this.time.now()).isEqualTo(VirtualTime.DEFAULT_START);
	}

	@Test
	void pausedAndDisabledJobsRunNow() {
		this.engine.addPeriodic(PeriodicJobSpec.named("paused").every(Duration.ofHours(1)).paused(true), () -> 1);
		this.engine.addPeriodic(PeriodicJobSpec.named("disabled").every(Duration.ofHours(1)).enabled(false), () -> 2);
		assertThat(this.jobs.runNow("paused").state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(this.jobs.runNow("disabled").state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void whatTheBodyThrowsFailsTheTestAndIsReportedAsUsual() {
		IllegalStateException failure = new IllegalStateException("no paper");
		this.engine.addPeriodic("report", Duration.ofHours(1), () -> {
			throw failure;
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.jobs.runNow("report"))
			.withMessageContaining("'report' failed")
			.withMessageContaining("no paper")
			.withCause(failure);
		assertThat(this.failures).hasValue(1);
	}

	@Test
	void cancelledRunFailsTheTest() {
		PeriodicJobHandle report = this.engine.addPeriodic("report", Duration.ofHours(1), () -> {
			this.engine.cancelAll("default");
			return null;
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.jobs.runNow(report.name()))
			.withMessageContaining("'report' was cancelled");
	}

	@Test
	void runThatWaitsForItsNextAttemptFailsTheTest() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(10)).build();
		this.engine.addPeriodic(PeriodicJobSpec.named("report").every(Duration.ofHours(1)).retry(policy), () -> {
			throw new IllegalStateException("no paper");
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.jobs.runNow("report"))
			.withMessageContaining("waits for its attempt 2");
	}

	@Test
	void jobThatNobodyKnowsFailsTheTestWithTheNamesThatThereAre() {
		this.engine.addPeriodic("report", Duration.ofHours(1), () -> 1);
		this.engine.addPeriodic("clean-up", Duration.ofHours(1), () -> 1);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.jobs.runNow("reprot"))
			.withMessageContaining("'reprot'")
			.withMessageContaining("[report, clean-up]");
	}

	@Test
	void jobThatRunsAlreadyIsRejected() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		PeriodicJobHandle report = this.engine.addPeriodic("report", Duration.ofHours(1), () -> {
			started.countDown();
			this.release.await();
			return null;
		});
		report.trigger();
		started.await();
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.jobs.runNow("report"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.OVERLAP));
	}

	@Test
	void timeAdvancesToTheNextTick() {
		PeriodicJobHandle report = this.engine.addPeriodic(
				PeriodicJobSpec.named("report").every(Duration.ofHours(1)).initialDelay(Duration.ofMinutes(10)),
				() -> 1);
		Job<?> first = this.jobs.advanceToNextRun("report");
		assertThat(first).isNotNull().isSameAs(report.lastRun());
		assertThat(this.time.now()).isEqualTo(VirtualTime.DEFAULT_START.plusSeconds(600));
		assertThat(this.jobs.advanceToNextRun("report")).isNotNull().isNotSameAs(first);
		assertThat(report.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void tickThatStartsNoRunReturnsNone() {
		this.engine.addPeriodic(PeriodicJobSpec.named("report").every(Duration.ofHours(1)).paused(true), () -> 1);
		assertThat(this.jobs.advanceToNextRun("report")).isNull();
	}

	@Test
	void jobWithoutANextTickFailsTheTest() {
		this.engine.addPeriodic(PeriodicJobSpec.named("report").every(Duration.ofHours(1)).enabled(false), () -> 1);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.jobs.advanceToNextRun("report"))
			.withMessageContaining("no next tick");
	}

	@Test
	void realTimeCannotAdvance() {
		JobTester inRealTime = new JobTester(this.engine);
		assertThatIllegalStateException().isThrownBy(() -> inRealTime.advanceToNextRun("report"))
			.withMessageContaining("@AutoConfigureVirtualTime");
	}

	@Test
	void endedJobsAreFoundByNameTheEarliestFirst() {
		this.engine.addPeriodic("report", Duration.ofHours(1), () -> 1);
		Job<?> first = this.jobs.runNow("report");
		this.engine.spawn("other", () -> 2);
		this.jobs.awaitIdle();
		Job<?> second = this.jobs.runNow("report");
		assertThat(this.jobs.ended("report")).extracting(Job::id).containsExactly(first.id(), second.id());
	}

}
