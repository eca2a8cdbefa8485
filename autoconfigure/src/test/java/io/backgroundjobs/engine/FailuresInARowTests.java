package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FailuresInARowTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final PeriodicJobSpec HOURLY = PeriodicJobSpec.named("hourly").every(HOUR).initialDelay(HOUR);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final ManualClock clock = new ManualClock();

	private final JobEngine engine = this.bench.start((builder) -> builder.clock(this.clock), PoolBench.pool(2));

	private volatile JobBody<?> body = (job) -> "done";

	@Test
	void failuresAreCountedUntilASuccess() throws Exception {
		PeriodicJobHandle job = add(HOURLY);
		assertThat(job.failuresInARow()).isZero();
		this.body = FailuresInARowTests::fail;
		assertThat(tick(job).outcome()).isEqualTo(JobOutcome.FAILED);
		assertThat(job.failuresInARow()).isOne();
		end(job.trigger());
		assertThat(job.failuresInARow()).isEqualTo(2);
		this.body = (run) -> "done";
		end(job.trigger());
		assertThat(job.failuresInARow()).isZero();
		this.body = FailuresInARowTests::fail;
		tick(job);
		assertThat(job.failuresInARow()).isOne();
	}

	@Test
	void timeoutIsAFailure() throws Exception {
		PeriodicJobHandle job = add(HOURLY.timeout(Duration.ofSeconds(1)));
		this.body = PoolBench.through(this.gate);
		Job<?> run = job.trigger();
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(1));
		end(run);
		assertThat(run.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
		assertThat(job.failuresInARow()).isOne();
	}

	@Test
	void cancelledRunNeitherCountsNorResets() throws Exception {
		PeriodicJobHandle job = add(HOURLY);
		this.body = FailuresInARowTests::fail;
		tick(job);
		this.body = PoolBench.through(this.gate);
		Job<?> run = job.trigger();
		this.gate.awaitEntered(1);
		run.cancel();
		end(run);
		assertThat(run.outcome()).isEqualTo(JobOutcome.CANCELLED);
		assertThat(job.failuresInARow()).isOne();
	}

	@Test
	void attemptThatIsFollowedByAnotherIsNoRun() throws Exception {
		PeriodicJobHandle job = add(
				HOURLY.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofSeconds(1)).build()));
		this.body = FailuresInARowTests::fail;
		Job<?> run = job.trigger();
		for (int attempt = 1; attempt <= 2; attempt++) {
			int made = attempt;
			Eventually.holds(() -> run.attempts() == made && this.engine.isIdle());
			assertThat(job.failuresInARow()).isZero();
			this.clock.advance(Duration.ofSeconds(1));
		}
		end(run);
		assertThat(job.failuresInARow()).isOne();
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) {
		return this.engine.addPeriodic(spec, (JobBody<?>) (job) -> this.body.run(job));
	}

	private Job<?> tick(PeriodicJobHandle job) throws InterruptedException {
		this.clock.advance(HOUR);
		Eventually.holds(() -> this.engine.jobs().isEmpty() && this.engine.isIdle());
		Job<?> run = job.lastRun();
		assertThat(run).isNotNull();
		return run;
	}

	private static void end(Job<?> run) throws InterruptedException {
		Eventually.holds(() -> run.state().isEnded());
	}

	private static Object fail(Object job) {
		throw new IllegalStateException("broken");
	}

}
