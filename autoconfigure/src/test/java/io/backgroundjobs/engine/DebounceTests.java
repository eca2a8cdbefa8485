package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of bursts of which the last job runs.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DebounceTests {

	private static final JobOptions DEBOUNCED = JobOptions.named("job")
		.debounce("k", Duration.ofSeconds(2), Duration.ofSeconds(5));

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final LocalJobEngine engine = (LocalJobEngine) this.bench.start((builder) -> builder.clock(this.clock),
			PoolBench.pool(1));

	private final Gate gate = this.bench.gate();

	private Job<String> spawn(String value) {
		return this.engine.spawn(DEBOUNCED, () -> value);
	}

	@Test
	void lastOneRunsWhenTheBurstHasBeenQuiet() throws Exception {
		Job<String> first = spawn("first");
		this.clock.advance(Duration.ofSeconds(1));
		Job<String> second = spawn("second");
		assertThat(first.state()).isEqualTo(JobState.CANCELLED);
		assertThat(first.cancelReason()).contains("superseded", second.id());
		this.clock.advance(Duration.ofMillis(1999));
		assertThat(second.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(second.await()).isEqualTo("second");
		assertThat(this.engine.heldKeys()).isZero();
		assertThat(this.clock.timers()).isZero();
	}

	@Test
	void lastOneRunsAtTheLatestAfterTheMaximumSinceTheFirst() throws Exception {
		spawn("0");
		Job<String> last = null;
		for (int i = 1; i <= 4; i++) {
			this.clock.advance(Duration.ofSeconds(1));
			last = spawn("" + i);
		}
		assertThat(last).isNotNull();
		this.clock.advance(Duration.ofMillis(999));
		assertThat(last.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(last.await()).isEqualTo("4");
	}

	@Test
	void nextBurstHasItsOwnMaximum() throws Exception {
		spawn("first");
		this.clock.advance(Duration.ofSeconds(2));
		Eventually.holds(() -> this.engine.jobs().isEmpty());
		this.clock.advance(Duration.ofSeconds(4));
		Job<String> next = spawn("next");
		this.clock.advance(Duration.ofMillis(1999));
		assertThat(next.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(next.await()).isEqualTo("next");
	}

	@Test
	void burstDuringARunWaitsForItsEndAndItsQuietTime() throws Exception {
		Job<String> running = this.engine.spawn(DEBOUNCED, PoolBench.through(this.gate));
		this.clock.advance(Duration.ofSeconds(2));
		this.gate.awaitEntered(1);
		Job<String> next = spawn("next");
		assertThat(running.state()).isEqualTo(JobState.RUNNING);
		this.clock.advance(Duration.ofSeconds(3));
		assertThat(next.state().isEnded()).isFalse();
		assertThat(next.attempts()).isZero();
		this.gate.open(1);
		assertThat(next.await()).isEqualTo("next");
	}

	@Test
	void burstDuringARunThatEndsFirstStillWaitsForItsQuietTime() throws Exception {
		Job<String> running = this.engine.spawn(DEBOUNCED, PoolBench.through(this.gate));
		this.clock.advance(Duration.ofSeconds(2));
		this.gate.awaitEntered(1);
		Job<String> next = spawn("next");
		this.gate.open(1);
		running.await();
		this.clock.advance(Duration.ofMillis(1999));
		assertThat(next.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(next.await()).isEqualTo("next");
	}

	@Test
	void cancelledLastOneEndsTheBurst() {
		Job<String> job = spawn("first");
		assertThat(job.cancel()).isTrue();
		assertThat(this.engine.heldKeys()).isZero();
		assertThat(this.clock.timers()).isZero();
	}

}
