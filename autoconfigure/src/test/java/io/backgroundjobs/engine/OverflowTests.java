package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of pools whose queue is full: they reject, or let the spawner wait.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class OverflowTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final ManualClock clock = new ManualClock();

	@Test
	void blockIsTheDefault() {
		assertThat(PoolSpec.named("any").overflow()).isEqualTo(OverflowPolicy.BLOCK);
		assertThat(PoolSpec.named("any").overflowTimeout()).hasSeconds(5);
	}

	@Test
	void whenTheQueueIsFullThenRejectRejectsAndNothingIsLeft() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(2).withOverflow(OverflowPolicy.REJECT));
		List<Job<?>> accepted = fill(engine, 3);
		assertRejected(RejectionReason.FULL, () -> engine.spawn("one-too-many", () -> 1));
		assertThat(engine.jobs()).hasSize(3);
		assertThat(PoolBench.look(engine).pending()).isEqualTo(2);
		assertThat(accepted.get(2).cancel()).isTrue();
		assertThat(engine.spawn("fits", () -> 1).state()).isEqualTo(JobState.PENDING);
	}

	@Test
	void trySpawnNeverBlocksAndNeverRunsInTheCaller() throws Exception {
		for (OverflowPolicy policy : OverflowPolicy.values()) {
			JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0).withOverflow(policy));
			fill(engine, 1);
			Optional<Job<Object>> job = engine.trySpawn("try", (context) -> {
				throw new AssertionError("in the caller");
			});
			assertThat(job).as(policy.name()).isEmpty();
		}
	}

	@Test
	void blockedSpawnersAreAdmittedInTheOrderOfTheirComing() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0));
		List<Job<?>> jobs = fill(engine, 1);
		List<Integer> order = new CopyOnWriteArrayList<>();
		List<FutureTask<Job<?>>> spawners = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			int number = i;
			spawners.add(blocked(() -> engine.spawn("blocked", () -> {
				order.add(number);
				this.gate.pass();
				return null;
			})));
		}
		for (int i = 0; i < 5; i++) {
			this.gate.open(1);
			this.gate.awaitEntered(1);
			spawners.get(i).get();
			assertThat(spawners.subList(i + 1, 5)).noneMatch(FutureTask::isDone);
		}
		assertThat(order).containsExactly(0, 1, 2, 3, 4);
		assertThat(jobs.get(0).state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void laterSpawnDoesNotOvertakeTheBlocked() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0));
		fill(engine, 1);
		FutureTask<Job<?>> delayed = blocked(
				() -> engine.spawn(JobOptions.named("delayed").delay(Duration.ofSeconds(1)), () -> 1));
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		// The delayed one needs a slot, and there is none; it still came first.
		assertThat(engine.trySpawn("later", (job) -> 1)).isEmpty();
		assertThat(delayed.isDone()).isFalse();
	}

	@Test
	void whenTheFirstOfTheBlockedGivesUpThenTheNextIsLookedAt() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0).withOverflowTimeout(Duration.ofSeconds(5)));
		fill(engine, 1);
		FutureTask<Job<?>> first = blocked(
				() -> engine.spawn(JobOptions.named("delayed").delay(Duration.ofSeconds(1)), () -> 1));
		this.clock.advance(Duration.ofSeconds(1));
		FutureTask<Job<?>> second = blocked(() -> engine.spawn("next", () -> 1));
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		assertThat(second.isDone()).isFalse();
		this.clock.advance(Duration.ofSeconds(4));
		assertThat(second.get().await()).isEqualTo(1);
		assertThat(failure(first)).isInstanceOf(JobRejectedException.class);
	}

	@Test
	void whenThereIsNoRoomInTimeThenTheBlockedIsRejectedAndNothingIsLeft() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0).withOverflowTimeout(Duration.ofSeconds(2)));
		fill(engine, 1);
		FutureTask<Job<?>> spawner = blocked(() -> engine.spawn("blocked", () -> 1));
		this.clock.advance(Duration.ofSeconds(2).minusNanos(1));
		assertThat(spawner.isDone()).isFalse();
		this.clock.advance(Duration.ofNanos(1));
		assertThat(failure(spawner)).isInstanceOfSatisfying(JobRejectedException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.OVERFLOW_TIMEOUT));
		assertNothingOfTheBlockedIsLeft(engine);
	}

	@Test
	void whenInterruptedWhileBlockedThenRejectedWithTheFlagRestoredAndNothingLeft() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0));
		fill(engine, 1);
		boolean[] flag = new boolean[1];
		Thread[] thread = new Thread[1];
		FutureTask<Job<?>> spawner = blocked(() -> {
			thread[0] = Thread.currentThread();
			try {
				return engine.spawn("blocked", () -> 1);
			}
			finally {
				flag[0] = Thread.currentThread().isInterrupted();
			}
		});
		thread[0].interrupt();
		assertThat(failure(spawner)).isInstanceOfSatisfying(JobRejectedException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.INTERRUPTED));
		assertThat(flag[0]).isTrue();
		assertNothingOfTheBlockedIsLeft(engine);
	}

	@Test
	void whenThereIsRoomThenAnInterruptedThreadMaySpawn() throws Exception {
		JobEngine engine = start(PoolBench.pool(1));
		Thread.currentThread().interrupt();
		Job<Integer> job = engine.spawn("any", () -> 1);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(job.await()).isOne();
	}

	@Test
	void blockedSpawnersAreRejectedWhenCloseBegins() throws Exception {
		JobEngine engine = start(PoolBench.pool(1).withPendingLimit(0));
		fill(engine, 1);
		FutureTask<Job<?>> spawner = blocked(() -> engine.spawn("blocked", () -> 1));
		FutureTask<Object> stop = new FutureTask<>(engine::stop);
		new Thread(stop, "stops").start();
		// The job that runs keeps the drain; the spawner does not wait for it.
		assertThat(failure(spawner)).isInstanceOfSatisfying(JobRejectedException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
		assertThat(stop.isDone()).isFalse();
		this.gate.open(1);
		stop.get();
	}

	@Test
	void nothingStartsAfterClose() {
		JobEngine engine = start(PoolBench.pool(1));
		engine.stop();
		assertRejected(RejectionReason.SHUTTING_DOWN, () -> engine.spawn("late", () -> 1));
		assertThat(engine.trySpawn("late", (job) -> 1)).isEmpty();
	}

	@Test
	void beforeTheStartNothingIsAccepted() {
		JobEngine engine = new JobEngineBuilder().build();
		assertRejected(RejectionReason.NOT_STARTED, () -> engine.spawn("early", () -> 1));
	}

	private JobEngine start(PoolSpec pool) {
		return this.bench.start((builder) -> builder.clock(this.clock), pool);
	}

	private List<Job<?>> fill(JobEngine engine, int count) throws InterruptedException {
		List<Job<?>> jobs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			jobs.add(engine.spawn("filler", PoolBench.through(this.gate)));
		}
		this.gate.awaitEntered(1);
		return jobs;
	}

	/**
	 * Spawn on a thread of its own, and wait until it waits for room.
	 */
	static FutureTask<Job<?>> blocked(Callable<Job<?>> spawn) throws InterruptedException {
		FutureTask<Job<?>> task = new FutureTask<>(spawn);
		Thread thread = new Thread(task, "spawner");
		thread.start();
		Eventually.holds(() -> LockSupport.getBlocker(thread) instanceof BlockedSpawner);
		return task;
	}

	static Throwable failure(FutureTask<?> task) throws InterruptedException {
		try {
			throw new AssertionError("not rejected: " + task.get());
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
	}

	private void assertNothingOfTheBlockedIsLeft(JobEngine engine) throws InterruptedException {
		assertThat(engine.jobs()).hasSize(1);
		assertThat(PoolBench.look(engine).pending()).isZero();
		assertThat(this.clock.timers()).isZero();
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		assertThat(engine.trySpawn("room", (job) -> 1)).isPresent();
	}

	private static void assertRejected(RejectionReason reason, Runnable spawn) {
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(spawn::run)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason))
			.satisfies((ex) -> assertThat(ex.pool()).isEqualTo("default"));
	}

}
