package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link PeriodicJobHandle#trigger()}.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TriggeredRunTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final ClockedEngine time = new ClockedEngine((builder) -> builder
		.pool(PoolSpec.named("narrow").withLimit(1).withPendingLimit(0).withOverflow(OverflowPolicy.REJECT))
		.pool(PoolSpec.named("patient").withLimit(1).withPendingLimit(0).withOverflowTimeout(HOUR)));

	private final JobEngine engine = this.time.engine();

	private final Gate gate = new Gate();

	@AfterEach
	void stop() {
		this.gate.open(1000);
		this.engine.stop();
	}

	@Test
	void triggeredRunIsAJobAndNoTick() throws Exception {
		PeriodicJobHandle job = add(hourly());
		this.engine.start();
		this.gate.open(1);
		Job<?> run = job.trigger();
		assertThat(run.await()).isEqualTo("passed");
		assertThat(run.kind()).isEqualTo(JobKind.PERIODIC);
		assertThat(job.lastRun()).isSameAs(run);
		assertThat(ClockedEngine.sum(job)).isZero();
		assertThat(this.time.next(job)).isEqualTo(HOUR);
		assertThat(this.time.lateness()).isEmpty();
	}

	@Test
	void triggerWorksWhilePaused() throws Exception {
		PeriodicJobHandle job = add(hourly().paused(true));
		this.engine.start();
		this.gate.open(1);
		assertThat(job.trigger().await()).isEqualTo("passed");
	}

	@Test
	void triggerWorksWhileDisabled() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").enabled(false));
		PeriodicJobHandle off = this.engine.addPeriodic(hourly("off").initialDelay(Duration.ZERO).enabled(false),
				ClockedEngine.at(this.gate));
		this.engine.start();
		this.gate.open(2);
		assertThat(job.trigger().await()).isEqualTo("passed");
		assertThat(off.trigger().await()).isEqualTo("passed");
		this.time.pass(HOUR.multipliedBy(3));
		assertThat(ClockedEngine.sum(off)).isZero();
		assertThat(off.nextRun()).isNull();
	}

	@Test
	void triggerWorksWhereNothingTicks() throws Exception {
		ClockedEngine quiet = new ClockedEngine((builder) -> builder.ticking(false));
		PeriodicJobHandle job = quiet.engine().addPeriodic(hourly(), ClockedEngine.at(this.gate));
		quiet.engine().start();
		this.gate.open(1);
		assertThat(job.trigger().await()).isEqualTo("passed");
		quiet.pass(HOUR.multipliedBy(3));
		assertThat(ClockedEngine.sum(job)).isZero();
		assertThat(quiet.clock().timers()).isZero();
		assertThat(quiet.engine().isTicking()).isFalse();
		quiet.engine().stop();
	}

	@Test
	void triggerBeforeTheStartIsNotStarted() {
		assertRejected(add(hourly()), RejectionReason.NOT_STARTED);
	}

	@Test
	void triggerAfterTheStopIsShuttingDown() throws Exception {
		PeriodicJobHandle job = add(hourly());
		this.engine.start();
		this.engine.stop();
		assertRejected(job, RejectionReason.SHUTTING_DOWN);
		this.engine.start();
		this.gate.open(1);
		job.trigger().await();
	}

	@Test
	void triggerAfterTheStopIsShuttingDownEvenIfABodyStillOverlaps() throws Exception {
		ClockedEngine other = new ClockedEngine(
				(builder) -> builder.shutdown(Duration.ZERO, Duration.ZERO, Duration.ZERO));
		PeriodicJobHandle job = other.engine().addPeriodic(hourly(), () -> this.gate.passUninterrupted());
		other.engine().start();
		job.trigger();
		this.gate.awaitEntered(1);
		other.engine().stop();
		assertRejected(job, RejectionReason.SHUTTING_DOWN);
		this.gate.open(1);
	}

	@Test
	void triggerIsRejectedWhileARunGoesOnUnderSkip() throws Exception {
		PeriodicJobHandle job = add(hourly());
		this.engine.start();
		job.trigger();
		this.gate.awaitEntered(1);
		assertRejected(job, RejectionReason.OVERLAP);
		this.gate.open(1);
		this.time.awaitIdle();
		job.trigger();
		this.gate.awaitEntered(1);
	}

	@Test
	void oneTriggeredRunMayWaitUnderQueueOne() throws Exception {
		PeriodicJobHandle job = add(hourly().overlap(OverlapPolicy.QUEUE_ONE));
		this.engine.start();
		job.trigger();
		this.gate.awaitEntered(1);
		Job<?> second = job.trigger();
		assertThat(second.state()).isEqualTo(JobState.PENDING);
		assertRejected(job, RejectionReason.OVERLAP);
		this.gate.open(2);
		assertThat(second.await()).isEqualTo("passed");
	}

	@Test
	void triggerCancelsTheRunUnderCancelRunning() throws Exception {
		PeriodicJobHandle job = add(hourly().overlap(OverlapPolicy.CANCEL_RUNNING));
		this.engine.start();
		Job<?> first = job.trigger();
		this.gate.awaitEntered(1);
		Job<?> second = job.trigger();
		assertThat(first.state()).isEqualTo(JobState.CANCELLED);
		this.gate.awaitEntered(1);
		assertThat(second.state()).isEqualTo(JobState.RUNNING);
	}

	@Test
	void triggeredRunsRunBesideEachOtherUnderConcurrent() throws Exception {
		PeriodicJobHandle job = add(hourly().overlap(OverlapPolicy.CONCURRENT));
		this.engine.start();
		job.trigger();
		job.trigger();
		this.gate.awaitEntered(2);
	}

	@Test
	void tickOverlapsWithATriggeredRun() throws Exception {
		PeriodicJobHandle job = add(hourly());
		this.engine.start();
		job.trigger();
		this.gate.awaitEntered(1);
		this.time.clock().advance(HOUR);
		assertThat(job.ticks()).containsEntry(TickResult.OVERLAP, 1L);
	}

	@Test
	void triggerNeedsRoom() throws Exception {
		PeriodicJobHandle job = add(hourly().pool("narrow"));
		this.engine.start();
		this.engine.spawn(JobOptions.named("occupy").pool("narrow"), ClockedEngine.at(this.gate));
		this.gate.awaitEntered(1);
		assertRejected(job, RejectionReason.FULL);
		this.gate.open(1);
		this.time.awaitIdle();
		job.trigger();
		this.gate.awaitEntered(1);
	}

	@Test
	void runThatWouldWaitBehindAnotherNeedsRoomToo() throws Exception {
		PeriodicJobHandle job = add(hourly().pool("narrow").overlap(OverlapPolicy.QUEUE_ONE));
		this.engine.start();
		job.trigger();
		this.gate.awaitEntered(1);
		assertRejected(job, RejectionReason.FULL);
	}

	@Test
	void triggerThatWaitsForRoomIsOvertakenByATick() throws Exception {
		PeriodicJobHandle job = add(hourly().pool("patient").overlap(OverlapPolicy.CANCEL_RUNNING));
		this.engine.start();
		this.engine.spawn(JobOptions.named("occupy").pool("patient"), ClockedEngine.at(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<Job<?>> triggered = new CompletableFuture<>();
		Thread caller = new Thread(() -> triggered.complete(job.trigger()));
		caller.start();
		Eventually.waits(caller);
		this.time.clock().advance(HOUR.minusMinutes(1));
		assertThat(triggered).isNotDone();
		job.reschedule(hourly().every(Duration.ofSeconds(1)).schedule());
		this.time.clock().advance(Duration.ofSeconds(1));
		Eventually.holds(TriggeredRunTests::areCouriersIdle);
		this.gate.open(1);
		assertThat(triggered.get().toFuture()).failsWithin(Duration.ofSeconds(10));
		assertThat(triggered.get().state()).isEqualTo(JobState.CANCELLED);
		Eventually.holds(() -> ClockedEngine.count(job, TickResult.RAN) == 1);
	}

	@Test
	void rejectedTriggerLeavesNothingBehind() throws Exception {
		PeriodicJobHandle job = add(hourly());
		for (int i = 0; i < 3; i++) {
			assertRejected(job, RejectionReason.NOT_STARTED);
		}
		this.engine.start();
		this.time.clock().advance(HOUR);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
	}

	@Test
	void removedJobCannotBeTriggered() {
		PeriodicJobHandle job = add(hourly());
		this.engine.start();
		job.remove();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(job::trigger)
			.withMessageContaining("'tick' has been removed");
	}

	private static boolean areCouriersIdle() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("background-jobs-courier-"))
			.allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING);
	}

	private static PeriodicJobSpec hourly() {
		return hourly("tick");
	}

	private static PeriodicJobSpec hourly(String name) {
		return PeriodicJobSpec.named(name).every(HOUR).initialDelay(HOUR);
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) {
		return this.engine.addPeriodic(spec, ClockedEngine.at(this.gate));
	}

	private static void assertRejected(PeriodicJobHandle job, RejectionReason reason) {
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(job::trigger)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason))
			.withMessageContaining("'" + job.name() + "'");
	}

}
