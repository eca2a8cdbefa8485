package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.PeriodicJobSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the limit of an attempt's running time.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TimeoutTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Journal journal = new Journal();

	private final JobEngine engine = this.bench.start(
			(builder) -> builder.clock(this.clock).exceptionHandler(this.journal),
			PoolBench.pool(1).withTimeout(Duration.ofSeconds(10)), PoolBench.pool("endless", 1));

	private final Gate gate = this.bench.gate();

	@Test
	void poolsTimeoutIsTheLastInLine() throws Exception {
		assertThat(timesOutAfter(this.engine, JobOptions.named("job"))).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void optionsGoBeforeThePool() throws Exception {
		assertThat(timesOutAfter(this.engine, JobOptions.named("job").timeout(Duration.ofSeconds(3))))
			.isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void propertyGoesBeforeOptions() throws Exception {
		JobEngine overridden = this.bench
			.start((builder) -> builder.clock(this.clock).exceptionHandler(this.journal).overrides(new JobOverrides() {

				@Override
				public JobOptions apply(JobOptions options) {
					return options.timeout(Duration.ofSeconds(1));
				}

				@Override
				public PeriodicJobSpec apply(PeriodicJobSpec spec) {
					return spec;
				}

			}), PoolBench.pool(1).withTimeout(Duration.ofSeconds(10)));
		assertThat(timesOutAfter(overridden, JobOptions.named("job").timeout(Duration.ofSeconds(3))))
			.isEqualTo(Duration.ofSeconds(1));
	}

	private Duration timesOutAfter(JobEngine jobs, JobOptions options) throws Exception {
		Job<String> job = jobs.spawn(options, PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Duration passed = Duration.ZERO;
		while (!job.state().isEnded() && passed.toSeconds() < 100) {
			this.clock.advance(Duration.ofSeconds(1));
			passed = passed.plusSeconds(1);
		}
		assertThat(job.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
		return passed;
	}

	@Test
	void noneSwitchesThePoolsTimeoutOff() throws Exception {
		Job<String> job = this.engine.spawn(JobOptions.named("job").noTimeout(), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofHours(1));
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("passed");
	}

	@Test
	void timeInTheQueueDoesNotCount() throws Exception {
		Job<String> first = this.engine.spawn(JobOptions.named("first").noTimeout(), PoolBench.through(this.gate));
		Job<String> second = this.engine.spawn("second", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(60));
		this.gate.open(1);
		first.await();
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(9));
		assertThat(second.state()).isEqualTo(JobState.RUNNING);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(second.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
	}

	@Test
	void timedOutJobHasFailedWithTheTimeoutAndIsHandled() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(10));
		assertThat(job.state()).isEqualTo(JobState.FAILED);
		assertThat(job.failure()).isInstanceOfSatisfying(JobTimeoutException.class,
				(failure) -> assertThat(failure.getMessage()).contains("PT10S", job.id()));
		Eventually.holds(() -> !this.journal.lines().isEmpty());
		assertThat(this.journal.lines()).containsExactly("handled job JobTimeoutException");
	}

	@Test
	void whatTheBodyReturnsAfterItsTimeoutIsDropped() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(10));
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		assertThat(job.failure()).isInstanceOf(JobTimeoutException.class);
	}

	@Test
	void bodyThatEndsInTimeLeavesNoTimer() throws Exception {
		this.gate.open(1);
		assertThat(this.engine.run("job", PoolBench.through(this.gate))).isEqualTo("passed");
		assertThat(this.clock.timers()).isZero();
	}

}
