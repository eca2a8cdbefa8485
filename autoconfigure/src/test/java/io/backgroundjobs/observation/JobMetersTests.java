package io.backgroundjobs.observation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class JobMetersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final JobMeters meters = new JobMeters(this.registry, new BoundedJobNames(2));

	@Test
	void endedJobIsTimedWithItsTags() {
		this.meters.ended(job("send", JobKind.SPAWNED), JobOutcome.FAILED, new IllegalStateException(),
				Duration.ofMillis(3).toNanos());
		Timer timer = this.registry.get("background.jobs")
			.tags("name", "send", "kind", "spawned", "pool", "mail", "outcome", "failed", "exception",
					"IllegalStateException")
			.timer();
		assertThat(timer.count()).isOne();
		assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
	}

	@Test
	void successHasNoException() {
		this.meters.ended(job("send", JobKind.ANNOTATED), JobOutcome.SUCCEEDED, null, 1);
		assertThat(this.registry.get("background.jobs")
			.tags("outcome", "succeeded", "exception", "none", "kind", "annotated")
			.timer()
			.count()).isOne();
	}

	@Test
	void oneNameInSeveralKindsAndPoolsIsSeveralTimers() {
		this.meters.ended(job("send", JobKind.SPAWNED), JobOutcome.SUCCEEDED, null, 1);
		this.meters.ended(job("send", JobKind.PERIODIC), JobOutcome.SUCCEEDED, null, 2);
		Job<?> elsewhere = job("send", JobKind.SPAWNED);
		given(elsewhere.pool()).willReturn("reports");
		this.meters.ended(elsewhere, JobOutcome.SUCCEEDED, null, 3);
		assertThat(this.registry.get("background.jobs").timers())
			.extracting((timer) -> timer.getId().getTag("kind"), (timer) -> timer.getId().getTag("pool"),
					(timer) -> timer.totalTime(TimeUnit.NANOSECONDS))
			.containsExactlyInAnyOrder(tuple("spawned", "mail", 1.0), tuple("periodic", "mail", 2.0),
					tuple("spawned", "reports", 3.0));
	}

	@Test
	void anonymousExceptionHasAName() {
		this.meters.ended(job("send", JobKind.SPAWNED), JobOutcome.FAILED, new RuntimeException() {
		}, 1);
		assertThat(this.registry.get("background.jobs").timer().getId().getTag("exception")).isNotBlank();
	}

	@Test
	void waitAndLatenessAreTimed() {
		Job<?> job = job("report", JobKind.PERIODIC);
		this.meters.started(job, 5);
		this.meters.late(job, 7);
		assertThat(
				this.registry.get("background.jobs.wait").tag("pool", "mail").timer().totalTime(TimeUnit.NANOSECONDS))
			.isEqualTo(5);
		assertThat(this.registry.get("background.jobs.lateness")
			.tag("name", "report")
			.timer()
			.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(7);
	}

	@Test
	void ticksAndRejectionsAreCounted() {
		this.meters.ticked("report", TickResult.POOL_FULL, 1);
		this.meters.ticked("report", TickResult.POOL_FULL, 3);
		this.meters.rejected("mail", RejectionReason.OVERFLOW_TIMEOUT);
		assertThat(this.registry.get("background.jobs.ticks")
			.tags("name", "report", "result", "pool-full")
			.counter()
			.count()).isEqualTo(4);
		assertThat(this.registry.get("background.jobs.rejected")
			.tags("pool", "mail", "reason", "overflow-timeout")
			.counter()
			.count()).isOne();
	}

	@Test
	void namesOfSpawnedJobsBeyondTheLimitAreOtherAndWarnedOfOnce(CapturedOutput output) {
		for (int i = 0; i < 10; i++) {
			this.meters.ended(job("order-" + i, JobKind.SPAWNED), JobOutcome.SUCCEEDED, null, 1);
		}
		this.meters.ended(job("order-0", JobKind.SPAWNED), JobOutcome.SUCCEEDED, null, 1);
		this.meters.ended(job("report", JobKind.PERIODIC), JobOutcome.SUCCEEDED, null, 1);
		assertThat(this.registry.get("background.jobs").timers()).extracting((timer) -> timer.getId().getTag("name"))
			.containsExactlyInAnyOrder("order-0", "order-1", "other", "report");
		assertThat(this.registry.get("background.jobs").tag("name", "other").timer().count()).isEqualTo(8);
		assertThat(output.getAll().split("max-names", -1)).hasSize(2);
	}

	private static Job<?> job(String name, JobKind kind) {
		Job<?> job = mock();
		given(job.name()).willReturn(name);
		given(job.kind()).willReturn(kind);
		given(job.pool()).willReturn("mail");
		return job;
	}

}
