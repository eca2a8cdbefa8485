package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a run keeps its periodic job until it has left, and no longer: it may be in
 * the history long after the job was removed.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TickRunTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine();

	private final JobEngine engine = this.time.engine();

	private final Gate gate = new Gate();

	@BeforeEach
	void start() {
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.gate.open(1000);
		this.engine.stop();
	}

	@Test
	void runThatHasEndedKeepsNothingOfItsJob() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("tick").every(SECOND),
				ClockedEngine.at(this.gate));
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		TickRun run = (TickRun) job.lastRun();
		assertThat(run.owner()).isSameAs(run);
		assertThat(run.isOfTick()).isTrue();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(run.owner()).isNull();
		assertThat(run.isOfTick()).isFalse();
		assertThat(run.executor()).isNull();
	}

	@Test
	void runWhoseBodyStaysKeepsItsJobUntilThatLeaves() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("tick").every(SECOND.multipliedBy(10)).timeout(SECOND),
				() -> this.gate.passUninterrupted());
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		TickRun run = (TickRun) job.lastRun();
		this.time.clock().advance(SECOND);
		assertThat(run.state().isEnded()).isTrue();
		assertThat(run.owner()).isSameAs(run);
		this.gate.open(1);
		Eventually.holds(() -> run.owner() == null);
	}

}
