package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of bodies whose work goes on after they have returned.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AsyncBodyTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final JobEngine engine = this.bench.start(PoolBench.pool(1));

	private final CompletableFuture<String> stage = new CompletableFuture<>();

	@Test
	void stageHoldsAPlaceAndNoThread() throws Exception {
		AtomicReference<Thread> worker = new AtomicReference<>();
		Job<String> job = this.engine.spawnAsync("async", (context) -> {
			worker.set(Thread.currentThread());
			return this.stage;
		});
		Job<String> next = this.engine.spawn("next", (context) -> "next");
		Eventually.holds(() -> worker.get() != null);
		Eventually.waits(worker.get());
		assertThat(PoolBench.look(this.engine).active()).isOne();
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		assertThat(next.state()).isEqualTo(JobState.PENDING);
		this.stage.complete("late");
		assertThat(job.await()).isEqualTo("late");
		assertThat(next.await()).isEqualTo("next");
	}

	@Test
	void elsewhereThanInSpawnAsyncAwaitReturnsTheCompletedStage() throws Exception {
		Job<CompletionStage<String>> job = this.engine.spawn("async", (context) -> this.stage);
		assertThatExceptionOfType(java.util.concurrent.TimeoutException.class)
			.isThrownBy(() -> job.await(Duration.ofMillis(20)));
		this.stage.complete("late");
		assertThat(job.await()).isSameAs(this.stage);
	}

	@Test
	void stageThatFailsFailsTheJobWithItsCause() {
		Job<String> job = this.engine.spawnAsync("async",
				(context) -> this.stage.thenApply((value) -> value).thenApply((value) -> value));
		this.stage.completeExceptionally(new IllegalArgumentException("broken"));
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class);
		assertThat(this.stage.isCompletedExceptionally()).isTrue();
		assertThat(job.failure()).isNotInstanceOf(CompletionException.class);
	}

	@Test
	void bodyOfSpawnAsyncThatReturnsNullFails() {
		Job<String> job = this.engine.spawnAsync("async", (context) -> null);
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingCause()
			.withMessageContaining("null instead of a stage");
	}

	@Test
	void cancellingReachesTheStage() throws Exception {
		Job<String> job = this.engine.spawnAsync("async", (context) -> this.stage);
		Eventually.holds(() -> job.state() == JobState.RUNNING && PoolBench.look(this.engine).active() == 1);
		assertThat(job.cancel()).isTrue();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThatExceptionOfType(CancellationException.class).isThrownBy(this.stage::join);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

	@Test
	void timeoutReachesTheStage() throws Exception {
		ManualClock clock = new ManualClock();
		JobEngine manual = this.bench.start((builder) -> builder.clock(clock).exceptionHandler((job, failure) -> {
		}), PoolBench.pool(1));
		CountDownLatch returned = new CountDownLatch(1);
		Job<String> job = manual.spawnAsync(JobOptions.named("async").timeout(Duration.ofSeconds(2)), (context) -> {
			returned.countDown();
			return this.stage;
		});
		returned.await();
		clock.advance(Duration.ofSeconds(2));
		assertThat(job.failure()).isInstanceOf(JobTimeoutException.class);
		Eventually.holds(this.stage::isCancelled);
		Eventually.holds(() -> PoolBench.look(manual).active() == 0);
	}

	@Test
	void stageThatCannotBeCancelledKeepsItsPlaceUntilItCompletes() throws Exception {
		CountDownLatch returned = new CountDownLatch(1);
		Job<CompletionStage<String>> job = this.engine.spawn("async", (context) -> {
			returned.countDown();
			return this.stage.minimalCompletionStage();
		});
		returned.await();
		assertThat(job.cancel()).isTrue();
		assertThat(this.stage.isDone()).isFalse();
		assertThat(PoolBench.look(this.engine).overrunning()).isOne();
		this.stage.complete("late");
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void stageThatThrowsAtItsCancellationIsCancelledAllTheSame() throws Exception {
		CompletableFuture<String> awkward = new CompletableFuture<>() {
			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				throw new IllegalStateException("not me");
			}
		};
		CountDownLatch returned = new CountDownLatch(1);
		Job<String> job = this.engine.spawnAsync("async", (context) -> {
			returned.countDown();
			return awkward;
		});
		returned.await();
		assertThat(job.cancel()).isTrue();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		awkward.complete("late");
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

	@Test
	void plainFutureHoldsItsWorkerAndIsReturned() throws Exception {
		FutureTask<String> future = new FutureTask<>(() -> "done");
		Thread[] worker = new Thread[1];
		CountDownLatch entered = new CountDownLatch(1);
		Job<Object> job = this.engine.spawn("future", (context) -> {
			worker[0] = Thread.currentThread();
			entered.countDown();
			return future;
		});
		entered.await();
		Eventually.waits(worker[0]);
		assertThat(worker[0].getStackTrace()).extracting(StackTraceElement::getClassName)
			.contains(FutureTask.class.getName());
		future.run();
		assertThat(job.await()).isSameAs(future);
	}

	@Test
	void plainFutureThatFailsFailsTheJobWithItsCause() {
		FutureTask<String> future = new FutureTask<>(() -> {
			throw new IllegalArgumentException("broken");
		});
		future.run();
		Job<Object> job = this.engine.spawn("future", (context) -> future);
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void cancellingReachesAPlainFuture() throws Exception {
		FutureTask<String> future = new FutureTask<>(() -> "done");
		CountDownLatch entered = new CountDownLatch(1);
		Job<Object> job = this.engine.spawn("future", (context) -> {
			entered.countDown();
			return future;
		});
		entered.await();
		assertThat(job.cancel()).isTrue();
		Eventually.holds(future::isCancelled);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

}
