package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.JobConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of since when a pool has had no place for a job. The pool has one.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PoolWaitTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final ManualClock clock = new ManualClock();

	private final JobEngine engine = this.bench.start((builder) -> builder.clock(this.clock), PoolBench.pool(1));

	@Test
	void itIsTheTimeOfTheJobThatHasWaitedLongest() throws Exception {
		assertThat(this.engine.poolWaitingSince("default")).isNull();
		occupy();
		assertThat(this.engine.poolWaitingSince("default")).isNull();
		this.engine.spawn("second", PoolBench.through(this.gate));
		this.clock.advance(SECOND.multipliedBy(3));
		this.engine.spawn("third", PoolBench.through(this.gate));
		this.clock.advance(SECOND);
		assertWaitingFor(4);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertWaitingFor(1);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(this.engine.poolWaitingSince("default")).isNull();
	}

	@Test
	void jobThatOthersOvertakeCounts() throws Exception {
		occupy();
		this.engine.spawn(PoolBench.in("default").priority(-1), (job) -> "low");
		this.clock.advance(SECOND);
		this.engine.spawn("normal", () -> "normal");
		this.clock.advance(SECOND);
		this.engine.spawn(PoolBench.in("default").priority(1), (job) -> "high");
		assertWaitingFor(2);
	}

	@Test
	void jobThatIsNotDueDoesNotWait() throws Exception {
		occupy();
		this.engine.spawn(PoolBench.in("default").delay(SECOND.multipliedBy(5)), (job) -> "later");
		this.clock.advance(SECOND.multipliedBy(4));
		assertThat(this.engine.poolWaitingSince("default")).isNull();
		this.clock.advance(SECOND.multipliedBy(3));
		assertWaitingFor(2);
	}

	@Test
	void timeForWhichThePoolWasPausedDoesNotCount() throws Exception {
		occupy();
		this.engine.spawn("second", () -> "second");
		this.engine.pausePool("default");
		this.clock.advance(SECOND.multipliedBy(9));
		this.engine.resumePool("default");
		assertWaitingFor(0);
		this.clock.advance(SECOND);
		assertWaitingFor(1);
	}

	@Test
	void pausedPoolHasNoPlaceToWaitFor() throws Exception {
		this.engine.pausePool("default");
		this.engine.spawn("held", () -> "held");
		this.clock.advance(SECOND);
		assertThat(this.engine.poolWaitingSince("default")).isNull();
	}

	@Test
	void unknownPoolIsRefused() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> this.engine.poolWaitingSince("unknown"));
	}

	private void occupy() throws InterruptedException {
		this.engine.spawn("occupies", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
	}

	private void assertWaitingFor(int seconds) {
		assertThat(this.engine.poolWaitingSince("default")).isEqualTo(this.clock.instant().minusSeconds(seconds));
	}

}
