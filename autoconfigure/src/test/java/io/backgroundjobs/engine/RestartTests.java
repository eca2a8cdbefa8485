package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.scheduling.support.PeriodicTrigger;

import io.backgroundjobs.Job;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a periodic job does when its scheduler is stopped and started again.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RestartTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine();

	private final JobEngine engine = this.time.engine();

	private final List<Duration> starts = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void firstTickIsOneIntervalAfterTheLastStartAndInstantsInBetweenAreNotNamed() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND.multipliedBy(10)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.pass(SECOND.multipliedBy(10));
		stopFor(SECOND.multipliedBy(4));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(20));
		stopFor(SECOND.multipliedBy(35));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(49));
		this.time.pass(Duration.ZERO);
		assertThat(this.starts).containsExactly(Duration.ZERO, SECOND.multipliedBy(10), SECOND.multipliedBy(49));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(59));
		assertThat(ClockedEngine.sum(job)).isEqualTo(3);
	}

	@Test
	void initialDelayDoesNotApplyAgain() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND).initialDelay(Duration.ofHours(1)));
		this.engine.start();
		this.time.pass(SECOND);
		stopFor(SECOND);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
		this.time.pass(Duration.ZERO);
		stopFor(Duration.ofDays(1));
		assertThat(this.time.next(job)).isEqualTo(this.time.now());
	}

	@Test
	void lastStartCountsWhoeverBroughtItAbout() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND.multipliedBy(10)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.pass(SECOND.multipliedBy(3));
		job.trigger().await();
		stopFor(SECOND);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(13));
	}

	@Test
	void fixedDelayCountsFromTheLastEnd() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("pause").fixedDelay(SECOND.multipliedBy(10)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		stopFor(SECOND.multipliedBy(4));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(10));
		stopFor(SECOND.multipliedBy(40));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(44));
	}

	@Test
	void fixedDelayWaitsForARunThatGoesOnAcrossThePause() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		CountDownLatch entered = new CountDownLatch(1);
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("pause").fixedDelay(SECOND), () -> {
			entered.countDown();
			return stage;
		});
		this.engine.start();
		this.time.clock().advance(Duration.ZERO);
		entered.await();
		this.engine.stopTicking();
		this.time.clock().advance(SECOND.multipliedBy(10));
		this.engine.startTicking();
		assertThat(job.nextRun()).isNull();
		this.time.clock().advance(SECOND.multipliedBy(5));
		stage.complete("late");
		this.time.awaitIdle();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(16));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.OVERLAP, 0L);
	}

	@Test
	void fixedDelayGoesOnAfterARunThatEndedDuringThePause() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		CountDownLatch entered = new CountDownLatch(1);
		PeriodicJobHandle job = this.engine
			.addPeriodic(PeriodicJobSpec.named("pause").fixedDelay(SECOND.multipliedBy(20)), () -> {
				entered.countDown();
				return stage;
			});
		this.engine.start();
		this.time.clock().advance(Duration.ZERO);
		entered.await();
		this.engine.stopTicking();
		this.time.clock().advance(SECOND.multipliedBy(5));
		stage.complete("late");
		this.time.awaitIdle();
		this.time.clock().advance(SECOND.multipliedBy(5));
		assertThat(this.time.clock().timers()).isZero();
		this.engine.startTicking();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(25));
	}

	@Test
	void fixedDelayWhoseOnlyRunWasTriggeredAndGoesOnCountsFromItsStart() throws Exception {
		Gate gate = new Gate();
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("pause").fixedDelay(SECOND.multipliedBy(20)).initialDelay(Duration.ofHours(1)),
				ClockedEngine.at(gate));
		this.engine.start();
		job.trigger();
		gate.awaitEntered(1);
		this.engine.stopTicking();
		this.time.clock().advance(SECOND.multipliedBy(5));
		this.engine.startTicking();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(20));
		gate.open(1);
	}

	@Test
	void runThatWasHeldBackIsTheFirstAfterThePauseAndNoTickComesBesideIt() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND.multipliedBy(10)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.clock().advance(SECOND.multipliedBy(5));
		this.engine.hold();
		this.time.clock().advance(SECOND.multipliedBy(5));
		pauseUntilReleased(SECOND.multipliedBy(35));
		this.time.pass(Duration.ZERO);
		assertThat(this.starts).containsExactly(Duration.ZERO, SECOND.multipliedBy(45));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(55));
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
	}

	@Test
	void firstRunOfAllThatWasHeldBackCountsToo() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND.multipliedBy(10)));
		this.engine.start();
		this.engine.hold();
		this.time.clock().advance(Duration.ZERO);
		pauseUntilReleased(SECOND.multipliedBy(3));
		this.time.pass(Duration.ZERO);
		assertThat(this.starts).containsExactly(SECOND.multipliedBy(3));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(13));
	}

	@Test
	void fixedDelayCountsFromATriggeredRunThatWasHeldBack() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("pause").fixedDelay(SECOND.multipliedBy(10)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.engine.hold();
		job.trigger();
		pauseUntilReleased(SECOND.multipliedBy(35));
		this.time.pass(Duration.ZERO);
		assertThat(this.starts).containsExactly(Duration.ZERO, SECOND.multipliedBy(35));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(45));
	}

	@Test
	void cronGoesOnWithTheFirstInstantAfterTheRestart() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("cron").cron("0 */10 * * * *", ZoneOffset.UTC));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		stopFor(Duration.ofMinutes(35));
		assertThat(job.nextRun()).isEqualTo(Instant.parse("2026-01-01T00:40:00Z"));
		assertThat(ClockedEngine.sum(job)).isOne();
	}

	@Test
	void cronDoesNotRunTwiceAtTheInstantOfARestart() throws Exception {
		add(PeriodicJobSpec.named("cron").cron("0 */10 * * * *", ZoneOffset.UTC));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		stopFor(Duration.ZERO);
		this.time.pass(Duration.ZERO);
		assertThat(this.starts).hasSize(1);
	}

	@Test
	void customTriggerIsAskedAgain() throws Exception {
		PeriodicTrigger trigger = new PeriodicTrigger(SECOND.multipliedBy(10));
		trigger.setFixedRate(true);
		PeriodicJobHandle job = add(PeriodicJobSpec.named("custom").trigger(trigger));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.pass(SECOND.multipliedBy(4));
		stopFor(SECOND.multipliedBy(4));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(10));
	}

	@Test
	void stopDoesNotAskACustomTriggerForTheRunsThatItEnds() throws Exception {
		List<Thread> asking = new CopyOnWriteArrayList<>();
		PeriodicJobHandle job = add(PeriodicJobSpec.named("custom").trigger((context) -> {
			asking.add(Thread.currentThread());
			return this.time.clock().instant().plusSeconds(10);
		}));
		this.engine.start();
		this.engine.pausePool("default");
		this.time.clock().advance(SECOND.multipliedBy(10));
		asking.clear();
		this.engine.stop();
		assertThat(asking).isEmpty();
		assertThat(job.ticks()).containsEntry(TickResult.STOPPING, 1L);
		this.engine.start();
		assertThat(asking).hasSize(1);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(20));
	}

	@Test
	void stopOfTheTicksCancelsTheTimersAndAStartMakesNewOnes() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		this.engine.open();
		assertThat(this.engine.isTicking()).isFalse();
		this.time.pass(SECOND.multipliedBy(3));
		assertThat(this.time.clock().timers()).isZero();
		this.engine.startTicking();
		this.engine.startTicking();
		assertThat(this.engine.isTicking()).isTrue();
		assertThat(this.time.clock().timers()).isOne();
		this.time.pass(Duration.ZERO);
		this.engine.stopTicking();
		assertThat(this.time.clock().timers()).isZero();
		this.time.pass(SECOND.multipliedBy(3));
		assertThat(job.nextRun()).isNull();
		assertThat(this.starts).containsExactly(SECOND.multipliedBy(3));
		Job<?> spawned = this.engine.spawn("still-accepted", () -> "yes");
		assertThat(spawned.await()).isEqualTo("yes");
	}

	@Test
	void removedJobDoesNotTickAgain() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		this.engine.start();
		job.remove();
		((PeriodicRegistration) job).startTicking();
		assertThat(this.time.clock().timers()).isZero();
	}

	@Test
	void jobThatIsStartedAfterTheTicksWereStoppedDoesNotTick() {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		this.engine.start();
		this.engine.stopTicking();
		((PeriodicRegistration) job).startTicking();
		assertThat(this.time.clock().timers()).isZero();
	}

	private void stopFor(Duration pause) throws InterruptedException {
		this.engine.stop();
		this.time.pass(pause);
		this.engine.start();
	}

	/** The ticks start before what was held back has found a thread. */
	private void pauseUntilReleased(Duration pause) throws InterruptedException {
		this.engine.stopTicking();
		this.time.clock().advance(pause);
		this.engine.startTicking();
		this.engine.release();
		this.time.awaitIdle();
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) {
		return this.engine.addPeriodic(spec, (job) -> this.starts.add(this.time.now()));
	}

}
