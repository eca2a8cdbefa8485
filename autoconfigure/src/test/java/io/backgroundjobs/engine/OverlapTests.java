package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of ticks that come while an earlier run has not left, and of ticks that find no
 * room.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class OverlapTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine(
			(builder) -> builder.pool(PoolSpec.named("narrow").withLimit(1).withPendingLimit(1)));

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
	void skipSkipsTicksWhileARunGoesOn() throws Exception {
		PeriodicJobHandle job = add(OverlapPolicy.SKIP);
		this.gate.awaitEntered(1);
		tick(3);
		assertThat(this.engine.jobs()).hasSize(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.OVERLAP, 3L);
		letGo();
		tick(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L).containsEntry(TickResult.OVERLAP, 3L);
	}

	@Test
	void bodyThatIgnoresItsInterruptStillOverlaps() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("tick").every(SECOND).timeout(Duration.ofMillis(100)),
				() -> this.gate.passUninterrupted());
		tick(0);
		this.gate.awaitEntered(1);
		tick(1);
		assertThat(job.lastRun()).isNotNull().returns(JobState.FAILED, Job::state);
		tick(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.OVERLAP, 2L);
		this.gate.open(1);
		Eventually.holds(() -> this.engine.pools().iterator().next().overrunning() == 0);
		tick(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void runThatWaitsForAPlaceOverlaps() throws Exception {
		occupy();
		PeriodicJobHandle job = add(spec(OverlapPolicy.SKIP).pool("narrow"));
		tick(2);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 0L).containsEntry(TickResult.OVERLAP, 2L);
		assertThat(this.engine.jobs()).hasSize(2);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(this.time.lateness()).containsExactly(SECOND.multipliedBy(2));
	}

	@Test
	void queueOneLetsOneRunWaitAndSkipsFurtherTicks() throws Exception {
		PeriodicJobHandle job = add(OverlapPolicy.QUEUE_ONE);
		this.gate.awaitEntered(1);
		tick(3);
		assertThat(this.engine.jobs()).extracting(Job::state)
			.containsExactlyInAnyOrder(JobState.RUNNING, JobState.PENDING);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.OVERLAP, 2L);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
		Eventually.holds(() -> this.engine.jobs().size() == 1);
		assertThat(this.time.lateness()).containsExactly(Duration.ZERO, SECOND.multipliedBy(2));
	}

	@Test
	void whenTheRunThatWaitsIsCancelledThenTheRunningOneIsNotForgotten() throws Exception {
		PeriodicJobHandle job = add(OverlapPolicy.QUEUE_ONE);
		this.gate.awaitEntered(1);
		tick(1);
		this.engine.jobs().stream().filter((run) -> run.state() == JobState.PENDING).forEach(Job::cancel);
		tick(1);
		assertThat(this.engine.pools()).extracting(PoolSnapshot::active).containsExactly(1, 0);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.CANCELLED, 1L);
	}

	@Test
	void whenAConcurrentJobIsPausedThenAllItsRunsThatWaitAreDropped() throws Exception {
		this.engine.pausePool("default");
		PeriodicJobHandle job = this.engine.addPeriodic(spec(OverlapPolicy.CONCURRENT), ClockedEngine.at(this.gate));
		tick(3);
		assertThat(this.engine.jobs()).hasSize(4);
		job.pause();
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 4L);
		assertThat(this.engine.jobs()).isEmpty();
	}

	@Test
	void queueOneNeedsNoRoomInTheQueue() throws Exception {
		occupy();
		this.engine.spawn(JobOptions.named("fill").pool("narrow"), ClockedEngine.at(this.gate));
		PeriodicJobHandle job = add(spec(OverlapPolicy.QUEUE_ONE).pool("narrow"));
		tick(2);
		assertThat(job.ticks()).containsEntry(TickResult.OVERLAP, 1L).containsEntry(TickResult.POOL_FULL, 0L);
		this.gate.open(4);
		this.gate.awaitEntered(3);
		this.time.awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void fullQueueNeverCostsATick() throws Exception {
		occupy();
		this.engine.spawn(JobOptions.named("fill").pool("narrow"), ClockedEngine.at(this.gate));
		assertThat(this.engine.trySpawn(JobOptions.named("more").pool("narrow"), ClockedEngine.at(this.gate)))
			.isEmpty();
		PeriodicJobHandle job = add(spec(OverlapPolicy.SKIP).pool("narrow"));
		PeriodicJobHandle other = add(spec("other", OverlapPolicy.CANCEL_RUNNING).pool("narrow"));
		this.gate.open(4);
		this.gate.awaitEntered(3);
		this.time.awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(other.ticks()).containsEntry(TickResult.RAN, 1L);
	}

	@Test
	void tickTakesNoSlotOfTheQueueFromOthers() throws Exception {
		occupy();
		add(spec(OverlapPolicy.SKIP).pool("narrow"));
		assertThat(this.engine.trySpawn(JobOptions.named("more").pool("narrow"), ClockedEngine.at(this.gate)))
			.isPresent();
	}

	@Test
	void concurrentRunsBesideAndFindsTheQueueFull() throws Exception {
		PeriodicJobHandle job = add(spec(OverlapPolicy.CONCURRENT).pool("narrow"));
		this.gate.awaitEntered(1);
		tick(2);
		assertThat(this.engine.jobs()).hasSize(2);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.POOL_FULL, 1L);
		this.engine.resizePool("narrow", 3);
		this.gate.awaitEntered(1);
		tick(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 3L).containsEntry(TickResult.OVERLAP, 0L);
		assertThat(this.engine.jobs()).extracting(Job::state).containsOnly(JobState.RUNNING).hasSize(3);
	}

	@Test
	void cancelRunningCancelsTheEarlierRunAndStartsWhenItsBodyHasLeft() throws Exception {
		Gate stubborn = new Gate();
		PeriodicJobHandle job = this.engine.addPeriodic(spec(OverlapPolicy.CANCEL_RUNNING),
				() -> stubborn.passUninterrupted());
		tick(0);
		stubborn.awaitEntered(1);
		Job<?> first = job.lastRun();
		tick(1);
		Eventually.holds(() -> first.state() == JobState.CANCELLED);
		assertThat(first.cancelReason()).contains("overtaken");
		assertThat(stubborn.entered()).isZero();
		tick(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.OVERLAP, 1L);
		stubborn.open(1);
		stubborn.awaitEntered(1);
		assertThat(job.lastRun()).isNotSameAs(first).returns(JobState.RUNNING, Job::state);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
		stubborn.open(1);
		this.time.awaitIdle();
	}

	@Test
	void cancelRunningCancelsARunThatStillWaitsForAPlace() throws Exception {
		occupy();
		PeriodicJobHandle job = add(spec(OverlapPolicy.CANCEL_RUNNING).pool("narrow"));
		tick(1);
		Eventually.holds(() -> ClockedEngine.count(job, TickResult.CANCELLED) == 1);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
	}

	@Test
	void cancelRunningLetsAShieldedRunGoOn() throws Exception {
		PeriodicJobHandle job = add(spec(OverlapPolicy.CANCEL_RUNNING).shielded());
		this.gate.awaitEntered(1);
		Job<?> first = job.lastRun();
		Job<?> second = job.trigger();
		assertThat(first).isNotNull().returns(JobState.RUNNING, Job::state);
		assertThat(second.state()).isEqualTo(JobState.PENDING);
		tick(1);
		assertThat(job.ticks()).containsEntry(TickResult.OVERLAP, 1L);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(first.await()).isEqualTo("passed");
		assertThat(job.lastRun()).isSameAs(second);
	}

	@Test
	void runThatWaitsIsCancelledByHandWithItsOwnResult() throws Exception {
		PeriodicJobHandle job = add(OverlapPolicy.QUEUE_ONE);
		this.gate.awaitEntered(1);
		tick(1);
		Job<?> waiting = this.engine.jobs().stream().filter((run) -> run.attempts() == 0).findFirst().orElseThrow();
		assertThat(waiting.cancel()).isTrue();
		assertThat(job.ticks()).containsEntry(TickResult.CANCELLED, 1L);
		tick(1);
		assertThat(this.engine.jobs()).hasSize(2);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(ClockedEngine.sum(job)).isEqualTo(3);
	}

	@Test
	void pausedJobTicksWithoutARunAndMakesUpNothing() throws Exception {
		PeriodicJobHandle job = add(OverlapPolicy.SKIP);
		this.gate.awaitEntered(1);
		letGo();
		assertThat(job.isPaused()).isFalse();
		job.pause();
		tick(3);
		assertThat(job.isPaused()).isTrue();
		assertThat(this.engine.jobs()).isEmpty();
		job.resume();
		assertThat(this.engine.jobs()).isEmpty();
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 3L).containsEntry(TickResult.RAN, 1L);
		tick(1);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void jobMayBeginPaused() throws Exception {
		PeriodicJobHandle job = add(spec(OverlapPolicy.SKIP).paused(true));
		tick(1);
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 2L);
	}

	@Test
	void pauseDropsTheTickThatWaitsAndLetsTheRunGoOn() throws Exception {
		PeriodicJobHandle job = add(OverlapPolicy.QUEUE_ONE);
		this.gate.awaitEntered(1);
		tick(1);
		job.pause();
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 1L);
		assertThat(this.engine.jobs()).hasSize(1);
		letGo();
		assertThat(job.lastRun()).isNotNull().returns(JobState.SUCCEEDED, Job::state);
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
	}

	@Test
	void pauseDropsATickThatWaitsForAPlaceButNotAnAttempt() throws Exception {
		occupy();
		PeriodicJobHandle job = add(spec(OverlapPolicy.SKIP).pool("narrow"));
		job.pause();
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 1L);
		assertThat(this.engine.jobs()).hasSize(1);
	}

	@Test
	void tickThatComesDuringTheDrainIsStopping() throws Exception {
		PeriodicJobHandle job = add(spec(OverlapPolicy.QUEUE_ONE));
		this.gate.awaitEntered(1);
		this.engine.stopTicking();
		tick(5);
		assertThat(job.nextRun()).isNull();
		assertThat(ClockedEngine.sum(job)).isOne();
	}

	@Test
	void tickWhoseContextFailsToOpenHasRun() throws Exception {
		ClockedEngine broken = new ClockedEngine((builder) -> builder.propagator(new BrokenPropagator()));
		PeriodicJobHandle job = broken.engine().addPeriodic("tick", SECOND, () -> this.gate.passUninterrupted());
		broken.engine().start();
		broken.pass(Duration.ZERO);
		broken.engine().stop();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(ClockedEngine.sum(job)).isOne();
	}

	private static PeriodicJobSpec spec(OverlapPolicy overlap) {
		return spec("tick", overlap);
	}

	private static PeriodicJobSpec spec(String name, OverlapPolicy overlap) {
		return PeriodicJobSpec.named(name).every(SECOND).overlap(overlap);
	}

	private PeriodicJobHandle add(OverlapPolicy overlap) {
		return add(spec(overlap));
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) {
		PeriodicJobHandle job = this.engine.addPeriodic(spec, ClockedEngine.at(this.gate));
		tick(0);
		return job;
	}

	/**
	 * Hold the one place of the narrow pool.
	 */
	private void occupy() throws InterruptedException {
		this.engine.spawn(JobOptions.named("occupy").pool("narrow"), ClockedEngine.at(this.gate));
		this.gate.awaitEntered(1);
	}

	private void letGo() throws InterruptedException {
		this.gate.open(1);
		this.time.awaitIdle();
	}

	/**
	 * Let so many instants come.
	 */
	private void tick(int count) {
		this.time.clock().advance(SECOND.multipliedBy(count));
	}

}
