package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the pause from the end of a run to the start of the next.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FixedDelayTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine(
			(builder) -> builder.pool(PoolSpec.named("default").withLimit(1).withPendingLimit(0)));

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
	void nextTickIsKnownWhenTheRunHasLeft() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec(), ClockedEngine.at(this.gate));
		assertThat(this.time.next(job)).isZero();
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		assertThat(job.nextRun()).isNull();
		this.time.clock().advance(SECOND.multipliedBy(5));
		assertThat(ClockedEngine.sum(job)).isOne();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(6));
		this.time.clock().advance(SECOND);
		this.gate.awaitEntered(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void asynchronousResultBelongsToTheRun() throws Exception {
		List<CompletableFuture<String>> stages = new CopyOnWriteArrayList<>();
		PeriodicJobHandle job = this.engine.addPeriodic(spec(), () -> {
			CompletableFuture<String> stage = new CompletableFuture<>();
			stages.add(stage);
			return stage;
		});
		this.time.clock().advance(Duration.ZERO);
		Eventually.holds(() -> !stages.isEmpty());
		this.time.clock().advance(SECOND.multipliedBy(5));
		assertThat(job.nextRun()).isNull();
		stages.get(0).complete("late");
		this.time.awaitIdle();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(6));
	}

	@Test
	void retriesBelongToTheRun() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(SECOND.multipliedBy(7)).build();
		PeriodicJobHandle job = this.engine.addPeriodic(spec().retry(policy), (context) -> {
			if (context.attempt() == 1) {
				throw new IllegalStateException("first");
			}
			return "second";
		});
		this.time.clock().advance(Duration.ZERO);
		Eventually.holds(() -> this.engine.jobs().stream().anyMatch((run) -> run.state() == JobState.SCHEDULED)
				&& this.time.clock().timers() == 1);
		this.time.clock().advance(SECOND.multipliedBy(6));
		assertThat(job.nextRun()).isNull();
		this.time.pass(SECOND);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(8));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(ClockedEngine.sum(job)).isOne();
	}

	@Test
	void bodyThatIgnoresItsTimeoutBelongsToTheRun() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec().timeout(SECOND), () -> this.gate.passUninterrupted());
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.time.clock().advance(SECOND.multipliedBy(5));
		assertThat(job.lastRun()).isNotNull().matches((run) -> run.state() == JobState.FAILED);
		assertThat(job.nextRun()).isNull();
		this.gate.open(1);
		Eventually.holds(() -> job.nextRun() != null);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(6));
	}

	@Test
	void failureDoesNotEndTheSchedule() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec(), (context) -> {
			throw new IllegalStateException("always");
		});
		this.time.pass(Duration.ZERO);
		this.time.pass(SECOND);
		this.time.pass(SECOND);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 3L);
	}

	@Test
	void tickWithoutARunCountsOnFromItself() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec().paused(true), ClockedEngine.at(this.gate));
		this.time.clock().advance(Duration.ZERO);
		Eventually.holds(() -> job.nextRun() != null);
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 1L);
		assertThat(this.time.next(job)).isEqualTo(SECOND);
		job.resume();
		this.gate.open(1);
		this.time.pass(SECOND);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
	}

	@Test
	void tickThatWaitedBehindATriggeredRunCountsOnFromItsOwnEnd() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec().initialDelay(SECOND).overlap(OverlapPolicy.QUEUE_ONE),
				ClockedEngine.at(this.gate));
		job.trigger();
		this.gate.awaitEntered(1);
		this.time.clock().advance(SECOND);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		this.time.clock().advance(SECOND);
		assertThat(job.nextRun()).isNull();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(3));
	}

	@Test
	void cancelledRunCountsOnFromItsEnd() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec(), ClockedEngine.at(this.gate));
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.time.clock().advance(SECOND);
		assertThat(job.lastRun()).isNotNull().matches((run) -> run.cancel());
		Eventually.holds(() -> job.nextRun() != null);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
	}

	@Test
	void runOfAnEarlierScheduleDoesNotMoveTheNewOne() throws Exception {
		Gate second = new Gate();
		AtomicInteger runs = new AtomicInteger();
		this.engine.resizePool("default", 2);
		PeriodicJobHandle job = this.engine.addPeriodic(spec().overlap(OverlapPolicy.CONCURRENT), (context) -> {
			((runs.getAndIncrement() == 0) ? this.gate : second).pass();
			return "passed";
		});
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		job.reschedule(new JobSchedule.FixedDelay(SECOND));
		this.time.clock().advance(SECOND);
		second.awaitEntered(1);
		this.gate.open(1);
		Eventually.holds(() -> this.engine.jobs().size() == 1);
		assertThat(job.nextRun()).isNull();
		second.open(1);
		this.time.awaitIdle();
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
	}

	private static PeriodicJobSpec spec() {
		return PeriodicJobSpec.named("pause").fixedDelay(SECOND);
	}

}
