package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of a job that waits for another one, and lends its place meanwhile.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class LendingTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	@Test
	void awaitLendsThePlace() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Job<Integer> outer = engine.spawn("outer", () -> engine.spawn("inner", () -> 1).await() + 1);
		assertThat(outer.await()).isEqualTo(2);
	}

	@Test
	void awaitWithATimeoutLendsThePlace() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Job<Integer> outer = engine.spawn("outer",
				() -> engine.spawn("inner", () -> 1).await(Duration.ofMinutes(1)) + 1);
		assertThat(outer.await()).isEqualTo(2);
	}

	@Test
	void runAndShieldLendThePlace() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Job<Integer> outer = engine.spawn("outer",
				() -> engine.run("inner", (job) -> 1) + engine.shield("shielded", () -> 2));
		assertThat(outer.await()).isEqualTo(3);
	}

	@Test
	void runLendsThePlaceWhileItIsBlockedByAFullQueue() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1).withPendingLimit(0));
		int result = engine.run("outer", (outer) -> engine.run("inner", (inner) -> 1));
		assertThat(result).isOne();
	}

	@Test
	void nothingDeadlocksAcrossPools() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool("a", 1), PoolBench.pool("b", 1));
		int depth = engine.run(PoolBench.in("a"), (a) -> engine.run(PoolBench.in("b"),
				(b) -> engine.run(PoolBench.in("a"), (deeper) -> engine.run(PoolBench.in("b"), (last) -> 4))));
		assertThat(depth).isEqualTo(4);
	}

	@Test
	void lentPlaceIsTakenByTheNextInTheQueue() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1), PoolBench.pool("other", 1));
		Gate other = this.bench.gate();
		Job<?> outer = engine.spawn("outer", () -> engine.run(PoolBench.in("other"), PoolBench.through(other)));
		other.awaitEntered(1);
		assertThat(PoolBench.look(engine).active()).isZero();
		engine.spawn("lodger", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		assertThat(PoolBench.look(engine).active()).isOne();
		assertThat(outer.state()).isEqualTo(JobState.RUNNING);
	}

	@Test
	void placeIsTakenBackAheadOfTheQueueBeforeTheWaitReturns() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1), PoolBench.pool("other", 1));
		Gate other = this.bench.gate();
		AtomicReference<String> next = new AtomicReference<>();
		AtomicReference<Thread> thread = new AtomicReference<>();
		Job<?> outer = engine.spawn("outer", () -> {
			thread.set(Thread.currentThread());
			engine.run(PoolBench.in("other"), PoolBench.through(other));
			return next.compareAndSet(null, "outer");
		});
		other.awaitEntered(1);
		Job<String> lodger = engine.spawn("lodger", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<?> queued = engine.spawn(JobOptions.named("queued").priority(10), () -> next.compareAndSet(null, "queued"));
		other.open(1);
		Eventually.holds(() -> waitsForItsPlace(thread.get()));
		assertThat(outer.state()).isEqualTo(JobState.RUNNING);
		assertThat(next).hasValue(null);
		this.gate.open(1);
		queued.await();
		assertThat(next).hasValue("outer");
		assertThat(lodger.await()).isEqualTo("passed");
		outer.await();
	}

	@Test
	void timeoutBoundsTheWaitForTheResult() throws Exception {
		ManualClock clock = new ManualClock();
		JobEngine engine = this.bench.start((builder) -> builder.clock(clock), PoolBench.pool(1));
		CountDownLatch timedOut = new CountDownLatch(1);
		AtomicReference<Job<?>> inner = new AtomicReference<>();
		AtomicReference<Thread> thread = new AtomicReference<>();
		Job<?> outer = engine.spawn("outer", () -> {
			thread.set(Thread.currentThread());
			Job<?> job = engine.spawn("inner", PoolBench.through(this.gate));
			inner.set(job);
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> job.await(Duration.ofSeconds(5)));
			timedOut.countDown();
		});
		this.gate.awaitEntered(1);
		Eventually.holds(() -> clock.timers() == 1);
		clock.advance(Duration.ofSeconds(5));
		Eventually.holds(() -> waitsForItsPlace(thread.get()));
		assertThat(timedOut.getCount()).isOne();
		assertThat(inner.get().state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		timedOut.await();
		outer.await();
		assertThat(inner.get().await()).isEqualTo("passed");
	}

	@Test
	void joinOfAFutureDoesNotLend() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		AtomicReference<Thread> thread = new AtomicReference<>();
		CountDownLatch spawned = new CountDownLatch(1);
		Job<?> outer = engine.spawn("outer", () -> {
			thread.set(Thread.currentThread());
			Job<Integer> inner = engine.spawn("inner", () -> 1);
			spawned.countDown();
			inner.toFuture().get();
			return null;
		});
		spawned.await();
		Eventually.waits(thread.get());
		assertThat(PoolBench.look(engine).active()).isOne();
		assertThat(PoolBench.look(engine).pending()).isOne();
		assertThat(outer.cancel()).isTrue();
	}

	@Test
	void interruptedWaitTakesItsPlaceBackToo() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		CountDownLatch left = new CountDownLatch(1);
		AtomicReference<Thread> thread = new AtomicReference<>();
		Job<?> outer = engine.spawn("outer", () -> {
			thread.set(Thread.currentThread());
			try {
				engine.run("inner", PoolBench.through(this.gate));
			}
			finally {
				left.countDown();
			}
			return null;
		});
		this.gate.awaitEntered(1);
		assertThat(outer.cancel()).isTrue();
		assertThat(outer.state()).isEqualTo(JobState.CANCELLED);
		Eventually.holds(() -> waitsForItsPlace(thread.get()));
		assertThat(PoolBench.look(engine).active()).isOne();
		assertThat(left.getCount()).isOne();
		this.gate.open(1);
		left.await();
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		assertThat(PoolBench.look(engine).overrunning()).isZero();
	}

	@Test
	void jobOnItsCallersThreadLendsTheCallersPlace() throws Exception {
		JobEngine engine = this.bench.start(callerRuns());
		Job<Integer> outer = engine.spawn("outer", () -> {
			Job<Integer> pending = engine.spawn("pending", () -> 1);
			return engine.spawn("here", () -> pending.await() + 1).await();
		});
		assertThat(outer.await()).isEqualTo(2);
	}

	@Test
	void jobWhoseFirstAttemptRanOnItsCallersThreadLendsItsOwnPlaceLater() throws Exception {
		JobEngine engine = this.bench.start(callerRuns());
		RetryPolicy once = RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).build();
		Job<Job<Integer>> outer = engine.spawn("outer", () -> {
			engine.spawn("pending", () -> 1);
			return engine.spawn(JobOptions.named("twice").retry(once), (job) -> {
				if (job.attempt() == 1) {
					throw new IllegalStateException("the first, on the caller's thread");
				}
				return engine.spawn("needs-a-place", () -> 2).await();
			});
		});
		Job<Integer> twice = outer.await();
		assertThat(twice.await()).isEqualTo(2);
		assertThat(twice.attempts()).isEqualTo(2);
	}

	private static boolean waitsForItsPlace(Thread thread) {
		return LockSupport.getBlocker(thread) instanceof Reclaim;
	}

	private static PoolSpec callerRuns() {
		return PoolBench.pool(1).withPendingLimit(1).withOverflow(OverflowPolicy.CALLER_RUNS);
	}

}
