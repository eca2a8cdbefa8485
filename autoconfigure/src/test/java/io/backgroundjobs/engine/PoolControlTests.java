package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of what is done to a whole pool, of the order in its queue, and of what its
 * snapshot says.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PoolControlTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	@Test
	void higherPriorityStartsFirstAndEqualOnesInTheOrderOfTheirSpawns() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		engine.pausePool("default");
		List<String> order = new CopyOnWriteArrayList<>();
		List<Job<?>> jobs = new ArrayList<>();
		int[] priorities = { 0, -1, 5, 0, 9, 5, -1, -7 };
		for (int i = 0; i < priorities.length; i++) {
			String label = priorities[i] + "#" + i;
			jobs.add(engine.spawn(JobOptions.named("job").priority(priorities[i]), () -> order.add(label)));
		}
		assertThat(jobs.get(2).cancel()).isTrue();
		engine.resumePool("default");
		for (Job<?> job : jobs) {
			job.toFuture().exceptionally((ex) -> null).join();
		}
		assertThat(order).containsExactly("9#4", "5#5", "0#0", "0#3", "-1#1", "-1#6", "-7#7");
	}

	@Test
	void whenPausedThenWhatRunsGoesOnAndWhatIsSpawnedWaits() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(2), PoolBench.pool("other", 1));
		Job<String> running = engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		engine.pausePool("default");
		Job<String> pending = engine.spawn("pending", PoolBench.through(this.gate));
		assertThat(PoolBench.look(engine).paused()).isTrue();
		assertThat(PoolBench.look(engine, "other").paused()).isFalse();
		assertThat(engine.spawn(PoolBench.in("other"), () -> 1).await()).isOne();
		this.gate.open(1);
		running.await();
		assertThat(pending.state()).isEqualTo(JobState.PENDING);
		assertThat(PoolBench.look(engine).pending()).isOne();
		engine.resumePool("default");
		this.gate.awaitEntered(1);
		assertThat(PoolBench.look(engine).paused()).isFalse();
	}

	@Test
	void whenPausedThenAJobStillTakesItsLentPlaceBack() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1), PoolBench.pool("other", 1));
		Job<String> outer = engine.spawn("outer",
				() -> engine.run(PoolBench.in("other"), PoolBench.through(this.gate)));
		this.gate.awaitEntered(1);
		engine.pausePool("default");
		this.gate.open(1);
		assertThat(outer.await()).isEqualTo("passed");
	}

	@Test
	void holdIsOnTopOfPause() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		engine.pausePool("default");
		engine.hold();
		Job<Integer> job = engine.spawn("any", () -> 1);
		engine.resumePool("default");
		assertThat(PoolBench.look(engine).paused()).isTrue();
		assertThat(PoolBench.look(engine).pending()).isOne();
		engine.release();
		assertThat(job.await()).isOne();
	}

	@Test
	void cancelAllCancelsWhatIsNotShieldedInThatPoolOnly() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(2), PoolBench.pool("other", 1));
		Job<?> running = engine.spawn("running", PoolBench.through(this.gate));
		Job<?> shielded = engine.spawn(JobOptions.named("shielded").shielded(), PoolBench.through(this.gate));
		this.gate.awaitEntered(2);
		Job<?> pending = engine.spawn("pending", () -> 1);
		Job<?> delayed = engine.spawn(JobOptions.named("delayed").delay(Duration.ofHours(1)), () -> 1);
		Job<?> elsewhere = engine.spawn(PoolBench.in("other"), PoolBench.through(this.gate));
		assertThat(engine.cancelAll("default")).isEqualTo(3);
		assertThat(List.of(running, pending, delayed)).allMatch((job) -> job.state() == JobState.CANCELLED);
		assertThat(List.of(shielded, elsewhere)).noneMatch((job) -> job.state() == JobState.CANCELLED);
		assertThat(PoolBench.look(engine).pending()).isZero();
		assertThat(engine.cancelAll("default")).isZero();
	}

	@Test
	void cancelAllLetsNoPendingJobStart() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		for (int i = 0; i < 200; i++) {
			engine.spawn("running", PoolBench.through(this.gate));
			Job<?> pending = engine.spawn("pending", () -> 1);
			this.gate.awaitEntered(1);
			assertThat(engine.cancelAll("default")).isEqualTo(2);
			assertThat(pending.attempts()).isZero();
		}
	}

	@Test
	void snapshotCountsEachJobOnce() throws Exception {
		JobEngine engine = this.bench
			.start(PoolBench.pool(2).withPendingLimit(3).withOverflow(OverflowPolicy.CALLER_RUNS));
		Job<?> stubborn = engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(2);
		stubborn.cancel();
		engine.spawn(JobOptions.named("delayed").delay(Duration.ofHours(1)), () -> 1).state();
		Job<?> pending = engine.spawn("pending", PoolBench.through(this.gate));
		engine.spawn("pending", PoolBench.through(this.gate));
		FutureTask<Job<?>> caller = new FutureTask<>(() -> engine.spawn("here", PoolBench.through(this.gate)));
		new Thread(caller, "caller").start();
		this.gate.awaitEntered(1);
		assertThat(PoolBench.look(engine)).isEqualTo(new PoolSnapshot("default", 2, 2, 3, 3, 1, 1, false));
		engine.resizePool("default", 7);
		this.gate.awaitEntered(2);
		assertThat(PoolBench.look(engine)).isEqualTo(new PoolSnapshot("default", 7, 4, 1, 3, 1, 1, false));
		assertThat(pending.state()).isEqualTo(JobState.RUNNING);
		engine.cancelAll("default");
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(engine).equals(new PoolSnapshot("default", 7, 0, 0, 3, 0, 0, false)));
	}

	@Test
	void unknownPoolsAndImpossibleLimitsAreRefused() {
		JobEngine engine = this.bench.start(PoolBench.pool(2));
		assertRefused(() -> engine.resizePool("nowhere", 1), "nowhere");
		assertRefused(() -> engine.pausePool("nowhere"), "nowhere");
		assertRefused(() -> engine.resumePool("nowhere"), "nowhere");
		assertRefused(() -> engine.cancelAll("nowhere"), "nowhere");
		assertRefused(() -> engine.asTaskExecutor("nowhere"), "nowhere");
		assertRefused(() -> engine.spawn(PoolBench.in("nowhere"), () -> 1), "nowhere");
		assertRefused(() -> engine.resizePool("default", 0), "limit");
		assertThat(PoolBench.look(engine).limit()).isEqualTo(2);
	}

	private static void assertRefused(Runnable call, String word) {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(call::run).withMessageContaining(word);
	}

}
