package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The next instants of a periodic job are those at which it fires.
 */
class NextRunsTests {

	private final ClockedEngine clocked = new ClockedEngine();

	private final JobEngine engine = this.clocked.engine();

	private final List<Instant> fired = new ArrayList<>();

	@Test
	void fixedRateFiresThen() throws Exception {
		assertFiresThen(PeriodicJobSpec.named("job").every(ofSeconds(7)).initialDelay(ofSeconds(3)), ofSeconds(60));
	}

	@Test
	void fixedRateWithJitterFiresThen() throws Exception {
		assertFiresThen(PeriodicJobSpec.named("job").every(ofSeconds(7)).jitter(ofSeconds(5)), ofSeconds(60));
	}

	@Test
	void cronFiresThen() throws Exception {
		assertFiresThen(PeriodicJobSpec.named("job").cron("*/20 * * * * *", ZoneId.of("UTC")), ofSeconds(150));
	}

	@Test
	void cronWithJitterFiresThen() throws Exception {
		assertFiresThen(PeriodicJobSpec.named("job").cron("*/20 * * * * *", ZoneId.of("UTC")).jitter(ofSeconds(9)),
				ofSeconds(150));
	}

	@Test
	void ofAFixedDelayOneIsKnown() throws Exception {
		this.engine.start();
		Gate gate = new Gate();
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("job").fixedDelay(ofSeconds(5)).initialDelay(ofSeconds(5)),
				ClockedEngine.at(gate));
		assertThat(job.nextRuns(10)).containsExactly(job.nextRun());
		this.clocked.clock().advance(ofSeconds(5));
		gate.awaitEntered(1);
		assertThat(job.nextRuns(10)).isEmpty();
		gate.open(1);
		this.clocked.awaitIdle();
		assertThat(job.nextRuns(10)).hasSize(1);
		this.engine.stop();
	}

	@Test
	void ofATriggerOneIsKnown() {
		this.engine.start();
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("job").trigger((context) -> context.getClock().instant().plusSeconds(9)),
				() -> "done");
		assertThat(job.nextRuns(10)).containsExactly(this.clocked.clock().instant().plusSeconds(9));
		this.engine.stop();
	}

	@Test
	void cronThatEndsNamesNoMore() {
		this.engine.start();
		PeriodicJobHandle job = this.engine
			.addPeriodic(PeriodicJobSpec.named("job").cron("0 0 0 29 2 MON", ZoneId.of("UTC")), () -> "done");
		assertThat(job.nextRuns(2)).hasSize(2).isSorted().doesNotHaveDuplicates();
		this.engine.stop();
	}

	@Test
	void noneAreToldOfAJobThatDoesNotTick() {
		PeriodicJobHandle early = this.engine.addPeriodic("early", ofSeconds(1), () -> "done");
		assertThat(early.nextRuns(5)).isEmpty();
		this.engine.start();
		assertThat(early.nextRuns(5)).hasSize(5);
		assertThat(early.nextRuns(0)).isEmpty();
		assertThat(early.nextRuns(-1)).isEmpty();
		PeriodicJobHandle disabled = this.engine
			.addPeriodic(PeriodicJobSpec.named("disabled").every(ofSeconds(1)).enabled(false), () -> "done");
		assertThat(disabled.nextRuns(5)).isEmpty();
		early.remove();
		assertThat(early.nextRuns(5)).isEmpty();
		this.engine.stop();
	}

	private void assertFiresThen(PeriodicJobSpec spec, Duration time) throws Exception {
		this.engine.start();
		PeriodicJobHandle job = this.engine.addPeriodic(spec, () -> this.fired.add(this.clocked.clock().instant()));
		List<Instant> told = job.nextRuns(5);
		assertThat(told).hasSize(5);
		assertThat(told.get(0)).isEqualTo(job.nextRun());
		this.clocked.pass(time);
		assertThat(this.fired).hasSizeGreaterThan(5).startsWith(told.toArray(Instant[]::new));
		this.engine.stop();
	}

}
