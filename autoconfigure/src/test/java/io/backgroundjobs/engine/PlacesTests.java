package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the places of a pool: who holds one, and when the next one starts.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PlacesTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	@Test
	void noMoreJobsRunThanThePoolHasPlaces() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(3));
		List<Job<?>> jobs = spawn(engine, 5);
		this.gate.awaitEntered(3);
		assertThat(PoolBench.look(engine).active()).isEqualTo(3);
		assertThat(PoolBench.look(engine).pending()).isEqualTo(2);
		assertThat(jobs.stream().filter((job) -> job.state() == JobState.PENDING)).hasSize(2);
		assertThat(this.gate.entered()).isZero();
	}

	@Test
	void whenAJobEndsThenTheNextOneStarts() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		List<Job<?>> jobs = spawn(engine, 3);
		for (int i = 0; i < 3; i++) {
			this.gate.awaitEntered(1);
			assertThat(jobs.get(i).state()).isEqualTo(JobState.RUNNING);
			assertThat(PoolBench.look(engine).active()).isOne();
			this.gate.open(1);
			jobs.get(i).await();
		}
		assertThat(PoolBench.look(engine).active()).isZero();
	}

	@Test
	void whoSeesAJobEndedFindsItsPlaceFree() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1).withPendingLimit(0));
		for (int i = 0; i < 2000; i++) {
			Job<Integer> job = engine.trySpawn(JobOptions.named("next"), (context) -> 1).orElseThrow();
			job.await();
		}
	}

	@Test
	void whenAPendingJobIsCancelledThenItNeverRunsAndTheOthersDo() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		List<Job<?>> jobs = spawn(engine, 3);
		this.gate.awaitEntered(1);
		assertThat(jobs.get(1).cancel()).isTrue();
		assertThat(jobs.get(1).state()).isEqualTo(JobState.CANCELLED);
		assertThat(PoolBench.look(engine).pending()).isOne();
		this.gate.open(2);
		jobs.get(2).await();
		assertThat(jobs.get(1).attempts()).isZero();
		assertThat(this.gate.entered()).isOne();
	}

	@Test
	void whenARunningJobIsCancelledThenItsPlaceIsFreeOnceTheBodyHasLeft() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		List<Job<?>> jobs = spawn(engine, 2);
		this.gate.awaitEntered(1);
		assertThat(jobs.get(0).cancel()).isTrue();
		this.gate.awaitEntered(1);
		assertThat(jobs.get(1).state()).isEqualTo(JobState.RUNNING);
		assertThat(PoolBench.look(engine).active()).isOne();
	}

	@Test
	void whenAJobTimesOutThenItsPlaceIsFreeOnceTheBodyHasLeft() throws Exception {
		ManualClock clock = new ManualClock();
		JobEngine engine = this.bench.start((builder) -> builder.clock(clock), PoolBench.pool(1));
		Job<?> first = engine.spawn(JobOptions.named("slow").timeout(Duration.ofSeconds(3)),
				PoolBench.through(this.gate));
		spawn(engine, 1);
		this.gate.awaitEntered(1);
		clock.advance(Duration.ofSeconds(3));
		this.gate.awaitEntered(1);
		assertThat(first.state()).isEqualTo(JobState.FAILED);
		assertThat(PoolBench.look(engine).active()).isOne();
	}

	@Test
	void stageHoldsAPlaceAndNoThreadUntilItCompletes() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		CompletableFuture<String> stage = new CompletableFuture<>();
		CompletableFuture<Thread> worker = new CompletableFuture<>();
		Job<String> first = engine.spawnAsync("stage", (job) -> {
			worker.complete(Thread.currentThread());
			return stage;
		});
		spawn(engine, 1);
		Thread thread = worker.get();
		Eventually.holds(() -> LockSupport.getBlocker(thread) instanceof Worker);
		assertThat(first.state()).isEqualTo(JobState.RUNNING);
		assertThat(PoolBench.look(engine).active()).isOne();
		assertThat(PoolBench.look(engine).pending()).isOne();
		stage.complete("done");
		this.gate.awaitEntered(1);
		assertThat(first.await()).isEqualTo("done");
	}

	@Test
	void whenTheLimitIsLoweredThenNothingStartsUntilThereIsRoom() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(3));
		List<Job<?>> jobs = spawn(engine, 4);
		this.gate.awaitEntered(3);
		engine.resizePool("default", 1);
		assertThat(PoolBench.look(engine).active()).isEqualTo(3);
		for (int i = 0; i < 2; i++) {
			int left = 2 - i;
			this.gate.open(1);
			Eventually.holds(() -> PoolBench.look(engine).active() == left);
			assertThat(jobs.get(3).state()).isEqualTo(JobState.PENDING);
		}
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(jobs.get(3).state()).isEqualTo(JobState.RUNNING);
	}

	@Test
	void whenTheLimitIsRaisedThenPendingJobsStartAtOnce() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		spawn(engine, 5);
		this.gate.awaitEntered(1);
		engine.resizePool("default", 4);
		this.gate.awaitEntered(3);
		assertThat(PoolBench.look(engine).active()).isEqualTo(4);
		assertThat(PoolBench.look(engine).pending()).isOne();
	}

	@Test
	void interruptThatABodyLeavesBehindDoesNotReachTheNextJob() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		engine.pausePool("default");
		Job<?> first = engine.spawn("interrupts-itself", () -> Thread.currentThread().interrupt());
		Job<Boolean> second = engine.spawn("next", () -> Thread.currentThread().isInterrupted());
		engine.resumePool("default");
		first.await();
		assertThat(second.await()).isFalse();
	}

	private List<Job<?>> spawn(JobEngine engine, int count) {
		List<Job<?>> jobs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			jobs.add(engine.spawn("job-" + i, PoolBench.through(this.gate)));
		}
		return jobs;
	}

}
