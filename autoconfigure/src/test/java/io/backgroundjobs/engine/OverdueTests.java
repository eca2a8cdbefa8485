package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of since when a periodic job should have started. The pool has one place.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class OverdueTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final PeriodicJobSpec TICK = PeriodicJobSpec.named("tick").every(SECOND).initialDelay(SECOND);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final ManualClock clock = new ManualClock();

	private final JobEngine engine = this.bench.start((builder) -> builder.clock(this.clock),
			PoolSpec.named("default").withLimit(1).withPendingLimit(1));

	@Test
	void jobWhoseRunsStartIsNeverOverdue() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, () -> "done");
		assertThat(job.overdueSince()).isNull();
		for (int i = 0; i < 3; i++) {
			this.clock.advance(SECOND);
			awaitIdle();
			assertThat(job.overdueSince()).isNull();
		}
		this.clock.advance(SECOND.dividedBy(2));
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void runThatWaitsForAPlaceMakesItOverdueUntilItStarts() throws Exception {
		occupy();
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, () -> "done");
		this.clock.advance(seconds(5));
		assertOverdueFor(job, 4);
		this.clock.advance(seconds(2));
		assertOverdueFor(job, 6);
		leave();
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void jobOfAPausedPoolIsNotOverdue() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, () -> "done");
		this.engine.pausePool("default");
		this.clock.advance(seconds(5));
		assertThat(job.overdueSince()).isNull();
		this.engine.resumePool("default");
		awaitIdle();
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void tickThatFallsIntoARunMakesItOverdueUntilTheNextStart() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, ClockedEngine.at(this.gate));
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(seconds(3));
		assertThat(job.ticks()).containsEntry(TickResult.OVERLAP, 3L);
		assertOverdueFor(job, 2);
		leave();
		this.clock.advance(SECOND.dividedBy(2));
		assertThat(job.overdueSince()).isEqualTo(this.clock.instant().minusMillis(2500));
		this.clock.advance(SECOND.dividedBy(2));
		this.gate.awaitEntered(1);
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(SECOND);
		assertOverdueFor(job, 0);
	}

	@Test
	void runThatWaitsForAnEarlierOneMakesItOverdue() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK.overlap(OverlapPolicy.QUEUE_ONE),
				ClockedEngine.at(this.gate));
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.clock.advance(seconds(3));
		assertOverdueFor(job, 2);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void tickThatFoundThePoolFullMakesItOverdue() throws Exception {
		occupy();
		this.engine.spawn("pending", () -> "done");
		PeriodicJobHandle job = this.engine.addPeriodic(TICK.overlap(OverlapPolicy.CONCURRENT), () -> "done");
		this.clock.advance(seconds(3));
		assertThat(job.ticks()).containsEntry(TickResult.POOL_FULL, 3L);
		assertOverdueFor(job, 2);
		leave();
		assertOverdueFor(job, 2);
		this.clock.advance(SECOND);
		awaitIdle();
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void timerThatDoesNotFireMakesItOverdue() throws Exception {
		PeriodicJobHandle rate = this.engine.addPeriodic(TICK, () -> "done");
		PeriodicJobHandle cron = this.engine.addPeriodic(PeriodicJobSpec.named("cron").cron("7 * * * * *", utc()),
				() -> "done");
		this.clock.starve(seconds(10));
		assertOverdueFor(rate, 9);
		assertOverdueFor(cron, 3);
		this.clock.advance(Duration.ZERO);
		awaitIdle();
		assertThat(rate.overdueSince()).isNull();
		assertThat(cron.overdueSince()).isNull();
	}

	@Test
	void triggeredRunCountsAsAStart() throws Exception {
		occupy();
		PeriodicJobHandle job = this.engine
			.addPeriodic(TICK.every(seconds(100)).overlap(OverlapPolicy.CONCURRENT).initialDelay(SECOND), () -> "done");
		this.engine.spawn("pending", () -> "done");
		this.clock.advance(seconds(2));
		assertOverdueFor(job, 1);
		leave();
		job.trigger().await();
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void jobThatNeverTicksIsNotOverdueByATrigger() throws Exception {
		occupy();
		PeriodicJobHandle job = this.engine.addPeriodic(TICK.enabled(false), () -> "done");
		job.trigger();
		this.clock.advance(seconds(5));
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void pausedJobIsNotOverdueAndMakesUpNothing() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, ClockedEngine.at(this.gate));
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.clock.advance(seconds(2));
		assertOverdueFor(job, 1);
		job.pause();
		assertThat(job.overdueSince()).isNull();
		this.clock.starve(seconds(10));
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(Duration.ZERO);
		job.resume();
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(SECOND);
		assertOverdueFor(job, 0);
	}

	@Test
	void removedJobIsNotOverdue() throws Exception {
		occupy();
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, () -> "done");
		this.clock.advance(seconds(2));
		job.remove();
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void nothingIsOverdueWhileNothingTicks() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, ClockedEngine.at(this.gate));
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.clock.advance(seconds(2));
		assertOverdueFor(job, 1);
		this.engine.stopTicking();
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(seconds(60));
		this.engine.startTicking();
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(SECOND);
		assertOverdueFor(job, 1);
	}

	@Test
	void missedInstantsDoNotCount() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK.missed(MissedRunPolicy.SKIP), () -> "done");
		this.clock.jump(seconds(10));
		awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.MISSED, 10L);
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void whoCancelsTheRunThatWaitsHasSeenIt() throws Exception {
		occupy();
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, () -> "done");
		this.clock.advance(seconds(2));
		assertOverdueFor(job, 1);
		this.engine.jobs().stream().filter((each) -> each.name().equals("tick")).forEach(Job::cancel);
		assertThat(job.overdueSince()).isNull();
	}

	@Test
	void otherScheduleBeginsAnew() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(TICK, ClockedEngine.at(this.gate));
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.clock.advance(seconds(2));
		assertOverdueFor(job, 1);
		job.reschedule(new JobSchedule.FixedRate(seconds(100)));
		assertThat(job.overdueSince()).isNull();
		this.clock.advance(seconds(105));
		assertOverdueFor(job, 5);
	}

	private void occupy() throws InterruptedException {
		this.engine.spawn("occupies", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
	}

	private void leave() throws InterruptedException {
		this.gate.open(1);
		awaitIdle();
	}

	private void awaitIdle() throws InterruptedException {
		Eventually.holds(() -> this.engine.jobs().isEmpty() && this.engine.isIdle());
	}

	private void assertOverdueFor(PeriodicJobHandle job, int seconds) {
		assertThat(job.overdueSince()).isEqualTo(this.clock.instant().minusSeconds(seconds));
	}

	private static Duration seconds(int seconds) {
		return Duration.ofSeconds(seconds);
	}

	private static ZoneId utc() {
		return ZoneId.of("UTC");
	}

}
