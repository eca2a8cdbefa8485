package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that admission is decided once, at the spawn.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DelayedAdmissionTests {

	private static final Duration DELAY = Duration.ofSeconds(10);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final ManualClock clock = new ManualClock();

	private JobEngine engine;

	@BeforeEach
	void start() {
		this.engine = this.bench.start((builder) -> builder.clock(this.clock),
				PoolBench.pool(1).withPendingLimit(1).withOverflow(OverflowPolicy.REJECT));
	}

	@Test
	void delayedJobCountsAgainstThePendingLimitFromItsSpawn() {
		Job<Integer> delayed = this.engine.spawn(JobOptions.named("delayed").delay(DELAY), () -> 1);
		assertThat(delayed.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(PoolBench.look(this.engine).pending()).isOne();
		assertThat(this.engine.trySpawn(JobOptions.named("second").delay(DELAY), (job) -> 1)).isEmpty();
		assertThat(delayed.cancel()).isTrue();
		assertThat(this.engine.trySpawn(JobOptions.named("third").delay(DELAY), (job) -> 1)).isPresent();
	}

	@Test
	void delayedJobLeavesThePlacesToOthersUntilItIsDue() throws Exception {
		this.engine.spawn(JobOptions.named("delayed").delay(DELAY), PoolBench.through(this.gate));
		assertThat(this.engine.spawn("now", () -> 1).await()).isOne();
		this.clock.advance(DELAY.minusNanos(1));
		assertThat(PoolBench.look(this.engine).active()).isZero();
		this.clock.advance(Duration.ofNanos(1));
		this.gate.awaitEntered(1);
		assertThat(PoolBench.look(this.engine).pending()).isZero();
	}

	@Test
	void whenDueInAFullPoolThenADelayedJobWaitsAndIsNotRejected() throws Exception {
		Job<Integer> delayed = this.engine.spawn(JobOptions.named("delayed").delay(DELAY), () -> 1);
		this.engine.spawn("filler", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(DELAY);
		assertThat(delayed.state()).isEqualTo(JobState.PENDING);
		assertThat(this.engine.trySpawn("no-room", (job) -> 1)).isEmpty();
		this.gate.open(1);
		assertThat(delayed.await()).isOne();
		assertThat(this.engine.trySpawn(JobOptions.named("room").delay(DELAY), (job) -> 1)).isPresent();
	}

	@Test
	void betweenAttemptsAJobHoldsNoPlaceAndIsNotRejectedByAFullQueue() throws Exception {
		RetryPolicy once = RetryPolicy.builder().maxRetries(1).delay(DELAY).build();
		Job<Integer> retried = this.engine.spawn(JobOptions.named("retried").retry(once), (job) -> {
			this.gate.pass();
			if (job.attempt() == 1) {
				throw new IllegalStateException("first");
			}
			return 1;
		});
		this.gate.awaitEntered(1);
		Job<String> pending = this.engine.spawn("pending", PoolBench.through(this.gate));
		this.gate.open(1);
		this.gate.awaitEntered(1);
		Eventually.holds(() -> this.clock.timers() == 1);
		assertThat(retried.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(pending.state()).isEqualTo(JobState.RUNNING);
		assertThat(PoolBench.look(this.engine).pending()).isOne();
		assertThat(this.engine.trySpawn("no-room", (job) -> 1)).isEmpty();
		this.clock.advance(DELAY);
		assertThat(retried.state()).isEqualTo(JobState.PENDING);
		this.gate.open(2);
		assertThat(retried.await()).isOne();
	}

}
