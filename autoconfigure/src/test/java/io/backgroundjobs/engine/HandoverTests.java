package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.engine.Ending.Body;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a worker that goes from one run to the next: it takes that in the step in
 * which the one before leaves, unless it has something to tell.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class HandoverTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	@Test
	void whileAListenerIsToldTheNextRunIsNotInItsThreadsHand() throws Exception {
		CountDownLatch started = new CountDownLatch(1);
		AtomicReference<@Nullable Boolean> inTime = new AtomicReference<>();
		JobEngine engine = this.bench.start((builder) -> builder.listener(new JobListener() {

			@Override
			public void ended(Job<?> job) {
				if (job.name().equals("told")) {
					HandoverTests.this.gate.open(1);
					inTime.set(isReached(started));
				}
			}

		}), PoolBench.pool(2));
		Gate first = this.bench.gate();
		Job<?> told = engine.spawn("told", PoolBench.through(first));
		engine.spawn("other", PoolBench.through(this.gate));
		first.awaitEntered(1);
		this.gate.awaitEntered(1);
		Job<?> next = engine.spawn("next", started::countDown);
		// Nobody waits for it meanwhile: that would keep its worker from the next as
		// well.
		first.open(1);
		next.await();
		Eventually.holds(() -> inTime.get() != null);
		assertThat(inTime).hasValue(true);
		assertThat(told.state().isEnded()).isTrue();
	}

	@Test
	void futureThatComesAsTheWorkerTakesItsNextRunIsCompletedByAnotherThread() throws Exception {
		AtomicReference<@Nullable Thread> completed = new AtomicReference<>();
		EngineClock clock = new ManualClock();
		JobRun<?>[] runs = new JobRun<?>[2];
		Outside venue = new Outside("caller", Runs.engine(clock), (run) -> null, 0) {

			@Override
			public JobRun<?> end(JobRun<?> run, @Nullable Worker worker, boolean takes) {
				assertThat(takes).isTrue();
				CompletableFuture<Void> unused = run.toFuture().thenRun(() -> completed.set(Thread.currentThread()));
				return runs[1];
			}

		};
		runs[0] = Runs.of(venue, () -> {
		});
		runs[1] = Runs.of(venue, () -> {
		});
		Worker worker = new Worker(
				new Workers(new PoolLock(), Thread::new, Duration.ofMinutes(1), clock, new ActiveRuns()), 0);
		assertThat(runs[0].move(Phase.NEW, Phase.SETTLING)).isTrue();
		assertThat(Ending.settle(runs[0], Phase.SUCCEEDED, null, Body.GONE, Teller.HERE, worker, null))
			.isSameAs(runs[1]);
		Eventually.holds(() -> completed.get() != null);
		assertThat(completed.get()).isNotSameAs(Thread.currentThread());
	}

	@Test
	void whoSeesTheEndFindsThePlaceFree() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1).withPendingLimit(0));
		for (int i = 0; i < 2_000; i++) {
			Job<?> job = engine.spawn("job", () -> {
			});
			while (!job.state().isEnded()) {
				Thread.onSpinWait();
			}
			assertThat(PoolBench.look(engine).active()).isZero();
		}
	}

	@Test
	void theNextRunHasItsOwnContext() throws Exception {
		AtomicReference<@Nullable Object> seen = new AtomicReference<>();
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Job<?> first = engine.spawn("first", PoolBench.through(this.gate));
		Job<?> second = engine.spawn("second", () -> seen.set(JobContextHolder.getContext()));
		this.gate.open(1);
		Eventually.holds(() -> second.state().isEnded());
		assertThat(first.state().isEnded()).isTrue();
		assertThat(seen).hasValue(second);
	}

	private static boolean isReached(CountDownLatch latch) {
		try {
			return latch.await(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

}
