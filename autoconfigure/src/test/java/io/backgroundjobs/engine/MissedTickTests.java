package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of ticks that the clock reaches only after the next one was due, because the
 * process stood still.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class MissedTickTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine(
			(builder) -> builder.pool(PoolSpec.named("narrow").withLimit(1).withPendingLimit(0)));

	private final JobEngine engine = this.time.engine();

	private final Gate gate = new Gate();

	private final List<Duration> starts = new CopyOnWriteArrayList<>();

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
	void lateTickIsNotMissedBeforeTheNextOneIsDue() throws Exception {
		PeriodicJobHandle job = add(everySecond().missed(MissedRunPolicy.SKIP));
		this.time.standStill(Duration.ofMillis(1999));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L).containsEntry(TickResult.MISSED, 0L);
	}

	@Test
	void runOnceRunsTheLatestAtOnceAndCountsOnFromThatRun() throws Exception {
		PeriodicJobHandle job = add(everySecond());
		this.time.standStill(Duration.ofMillis(5300));
		assertThat(this.starts).containsExactly(Duration.ZERO, Duration.ofMillis(5300));
		assertThat(this.time.lateness()).containsExactly(Duration.ZERO, Duration.ofMillis(300));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L).containsEntry(TickResult.MISSED, 4L);
		assertThat(this.time.next(job)).isEqualTo(Duration.ofMillis(6300));
		this.time.pass(SECOND);
		assertThat(ClockedEngine.sum(job)).isEqualTo(7);
	}

	@Test
	void skipRunsNoneAndKeepsTheRhythm() throws Exception {
		PeriodicJobHandle job = add(everySecond().missed(MissedRunPolicy.SKIP));
		this.time.standStill(Duration.ofMillis(5300));
		assertThat(this.starts).containsExactly(Duration.ZERO);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.MISSED, 5L);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(6));
	}

	@Test
	void catchUpRunsThemOneAfterTheOtherInTheirOrder() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(everySecond().missed(MissedRunPolicy.CATCH_UP),
				ClockedEngine.at(this.gate));
		this.time.clock().advance(Duration.ZERO);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		this.time.awaitIdle();
		this.time.clock().jump(Duration.ofMillis(3300));
		for (int ran = 1; ran <= 3; ran++) {
			this.gate.awaitEntered(1);
			// The run before may be about to leave.
			Eventually.holds(() -> this.engine.jobs().size() == 1);
			assertThat(ClockedEngine.count(job, TickResult.RAN)).isEqualTo(1 + ran);
			this.gate.open(1);
		}
		this.time.awaitIdle();
		assertThat(this.time.lateness()).containsExactly(Duration.ZERO, Duration.ofMillis(2300),
				Duration.ofMillis(1300), Duration.ofMillis(300));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 4L).containsEntry(TickResult.MISSED, 0L);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(4));
	}

	@Test
	void catchUpIsBoundedAndRunsTheLatest() throws Exception {
		PeriodicJobHandle job = add(everySecond().missed(MissedRunPolicy.CATCH_UP).catchUpLimit(2));
		this.time.standStill(SECOND.multipliedBy(100));
		Eventually.holds(() -> ClockedEngine.sum(job) == 101);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 3L).containsEntry(TickResult.MISSED, 98L);
		assertThat(this.time.lateness()).containsExactly(Duration.ZERO, SECOND, Duration.ZERO);
	}

	@Test
	void catchUpIsTenUnlessToldOtherwise() throws Exception {
		PeriodicJobHandle job = add(everySecond().missed(MissedRunPolicy.CATCH_UP));
		this.time.standStill(SECOND.multipliedBy(100));
		Eventually.holds(() -> ClockedEngine.sum(job) == 101);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 11L).containsEntry(TickResult.MISSED, 90L);
	}

	@Test
	void catchUpIsASequenceEvenWhereRunsMayBeConcurrent() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				everySecond().initialDelay(SECOND).missed(MissedRunPolicy.CATCH_UP).overlap(OverlapPolicy.CONCURRENT),
				ClockedEngine.at(this.gate));
		this.time.clock().jump(SECOND.multipliedBy(3));
		for (int ran = 1; ran <= 3; ran++) {
			this.gate.awaitEntered(1);
			assertThat(ClockedEngine.count(job, TickResult.RAN)).isEqualTo(ran);
			this.gate.open(1);
		}
		Eventually.holds(() -> ClockedEngine.count(job, TickResult.RAN) == 3);
		this.time.awaitIdle();
	}

	@Test
	void catchUpBehindARunThatWasGoingOnOverlapsUnderSkip() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(everySecond().missed(MissedRunPolicy.CATCH_UP),
				ClockedEngine.at(this.gate));
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.time.clock().jump(SECOND.multipliedBy(3));
		assertThat(job.ticks()).containsEntry(TickResult.OVERLAP, 3L).containsEntry(TickResult.RAN, 1L);
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(ClockedEngine.sum(job)).isEqualTo(4);
	}

	@Test
	void catchUpBehindARunThatWasGoingOnFollowsItUnderQueueOne() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				everySecond().missed(MissedRunPolicy.CATCH_UP).overlap(OverlapPolicy.QUEUE_ONE),
				ClockedEngine.at(this.gate));
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.time.clock().jump(SECOND.multipliedBy(3));
		this.gate.open(4);
		this.gate.awaitEntered(3);
		this.time.awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 4L);
	}

	@Test
	void pauseTakesWhatIsLeftOfACatchUp() throws Exception {
		PeriodicJobHandle job = caughtUp();
		job.pause();
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 4L);
		job.resume();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(ClockedEngine.sum(job)).isEqualTo(5);
	}

	@Test
	void rescheduleAndRemoveCancelWhatIsLeftOfACatchUp() throws Exception {
		PeriodicJobHandle job = caughtUp();
		job.reschedule(job.spec().schedule());
		assertThat(job.ticks()).containsEntry(TickResult.CANCELLED, 4L);
		this.gate.open(1);
		this.time.awaitIdle();
		job.remove();
		PeriodicJobHandle removed = caughtUp();
		removed.remove();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(removed.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.CANCELLED, 4L);
	}

	@Test
	void stopOfTheTicksTakesWhatIsLeftOfACatchUp() throws Exception {
		PeriodicJobHandle job = caughtUp();
		this.engine.stopTicking();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.STOPPING, 4L);
	}

	@Test
	void missedInstantsOfACronExpressionAreCountedOneByOne() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("cron").cron("0 */10 * * * *", ZoneOffset.UTC));
		this.time.standStill(Duration.ofMinutes(35));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L).containsEntry(TickResult.MISSED, 2L);
		assertThat(job.nextRun()).isEqualTo(Instant.parse("2026-01-01T00:40:00Z"));
		this.time.standStill(Duration.ofMinutes(5));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 3L);
	}

	@Test
	void fixedDelayHasOneInstantAtATimeAndMissesNone() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("pause").fixedDelay(SECOND).missed(MissedRunPolicy.SKIP));
		this.time.standStill(SECOND.multipliedBy(100));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L).containsEntry(TickResult.MISSED, 0L);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(101));
	}

	private static PeriodicJobSpec everySecond() {
		return PeriodicJobSpec.named("tick").every(SECOND);
	}

	/**
	 * Add a job of which one run is inside and four are owed.
	 */
	private PeriodicJobHandle caughtUp() throws InterruptedException {
		PeriodicJobHandle job = this.engine.addPeriodic(
				everySecond().initialDelay(SECOND).missed(MissedRunPolicy.CATCH_UP), ClockedEngine.at(this.gate));
		this.time.clock().jump(SECOND.multipliedBy(5));
		this.gate.awaitEntered(1);
		return job;
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) throws InterruptedException {
		PeriodicJobHandle job = this.engine.addPeriodic(spec, (context) -> this.starts.add(this.time.now()));
		this.time.pass(Duration.ZERO);
		return job;
	}

}
