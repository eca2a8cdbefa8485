package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobCancelledException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of waiting for a job, and of cancelling it.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class WaitingTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final JobEngine engine = this.bench
		.start((builder) -> builder.clock(this.clock).exceptionHandler((job, failure) -> {
		}), PoolBench.pool(1));

	private final Gate gate = this.bench.gate();

	@Test
	void waitThatTimesOutLeavesTheJobAlone() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		Thread waiter = new Thread(() -> {
			try {
				job.await(Duration.ofSeconds(5));
			}
			catch (Exception ex) {
				thrown.set(ex);
			}
		});
		waiter.start();
		Eventually.waits(waiter);
		this.clock.advance(Duration.ofMillis(4999));
		assertThat(thrown).hasNullValue();
		this.clock.advance(Duration.ofMillis(1));
		waiter.join();
		assertThat(thrown.get()).isInstanceOf(TimeoutException.class);
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		assertThat(job.await(Duration.ofSeconds(5))).isEqualTo("passed");
		assertThat(this.clock.timers()).isZero();
	}

	@Test
	void waitOfNoTimeEndsAtOnce() {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> job.await(Duration.ZERO));
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> job.await(Duration.ofSeconds(-1)));
		this.gate.open(1);
	}

	@Test
	void boundedWaitEndsInTimeAfterTheSchedulerHasStopped() throws Exception {
		JobEngine real = this.bench.start(
				(builder) -> builder.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1)), PoolBench.pool(1));
		CompletableFuture<Job<String>> self = new CompletableFuture<>();
		Gate stopped = this.bench.gate();
		Job<String> job = real.spawn("caller", (context) -> {
			real.stop();
			stopped.passUninterrupted();
			return "late";
		});
		self.complete(job);
		stopped.awaitEntered(1);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> job.await(Duration.ofMillis(20)));
		stopped.open(1);
		assertThat(job.await()).isEqualTo("late");
	}

	@Test
	void interruptedWaitLeavesTheJobAloneAndClearsTheFlag() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(job::await);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("passed");
	}

	@Test
	void jobCannotWaitForItself() throws Exception {
		AtomicReference<Job<String>> self = new AtomicReference<>();
		Job<String> job = this.engine.spawn("job", (context) -> {
			this.gate.pass();
			assertThatIllegalStateException().isThrownBy(() -> self.get().await()).withMessageContaining("itself");
			assertThatIllegalStateException().isThrownBy(() -> self.get().await(Duration.ofSeconds(1)));
			return "refused";
		});
		self.set(job);
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("refused");
	}

	@Test
	void jobOnItsThreadCannotWaitForItEither() throws Exception {
		AtomicReference<Job<String>> self = new AtomicReference<>();
		Job<String> job = this.engine.spawn("job", (context) -> {
			this.gate.pass();
			return this.engine.runHere(JobOptions.named("inner"), (inner) -> {
				assertThatIllegalStateException().isThrownBy(() -> self.get().await());
				return "refused";
			});
		});
		self.set(job);
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("refused");
	}

	@Test
	void futureIsAViewThatDoesNotTouchTheJob() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		CompletableFuture<String> cancelled = job.toFuture();
		CompletableFuture<String> completed = job.toFuture();
		CompletableFuture<String> left = job.toFuture();
		assertThat(cancelled.cancel(true)).isTrue();
		assertThat(completed.complete("mine")).isTrue();
		assertThat(job.state().isEnded()).isFalse();
		this.gate.open(1);
		assertThat(left.join()).isEqualTo("passed");
		assertThat(completed.join()).isEqualTo("mine");
		assertThat(job.await()).isEqualTo("passed");
		assertThat(job.toFuture().join()).isEqualTo("passed");
	}

	@Test
	void futureFailsWithWhatTheBodyThrewOrWithTheCancellation() throws Exception {
		Job<String> failed = this.engine.spawn("failed", (context) -> {
			throw new java.io.IOException("broken");
		});
		assertThatExceptionOfType(java.util.concurrent.CompletionException.class)
			.isThrownBy(() -> failed.toFuture().join())
			.withCauseInstanceOf(java.io.IOException.class);
		Job<String> cancelled = this.engine.spawn("cancelled", PoolBench.through(this.gate));
		CompletableFuture<String> future = cancelled.toFuture();
		cancelled.cancel();
		assertThat(future.<Object>handle((value, failure) -> failure).join()).isInstanceOf(JobCancelledException.class);
	}

	@Test
	void dependentOfAFutureThatThrowsBreaksNothing() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		CompletableFuture<Void> dependent = job.toFuture().thenAccept((value) -> {
			throw new IllegalStateException("dependent");
		});
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("passed");
		Eventually.holds(dependent::isCompletedExceptionally);
		assertThat(this.engine.<String>run("next", (context) -> "next")).isEqualTo("next");
	}

	@Test
	void cancelSaysWhetherItIsTheOneThatCancels() throws Exception {
		Job<String> running = this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> pending = this.engine.spawn("pending", () -> "x");
		Job<String> delayed = this.engine.spawn(JobOptions.named("delayed").delay(Duration.ofSeconds(1)), () -> "x");
		for (Job<String> job : List.of(delayed, pending, running)) {
			assertThat(job.cancel()).isTrue();
			assertThat(job.state()).isEqualTo(JobState.CANCELLED);
			assertThat(job.cancelReason()).contains("cancelled by " + Thread.currentThread().getName());
			assertThat(job.endedAt()).isNotNull();
			assertThat(job.cancel()).isFalse();
			assertThatExceptionOfType(JobCancelledException.class).isThrownBy(job::await);
		}
		assertThat(running.startedAt()).isNotNull();
		assertThat(pending.startedAt()).isNull();
		assertThat(this.clock.timers()).isLessThanOrEqualTo(1);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		Job<String> succeeded = this.engine.spawn("succeeded", () -> "x");
		succeeded.await();
		assertThat(succeeded.cancel()).isFalse();
		assertThat(succeeded.cancelReason()).isNull();
		assertThat(Job.completed("x").cancel()).isFalse();
	}

	@Test
	void oneOfManyCancelsWinsAndTheOutcomeIsOne() throws Exception {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		Random random = new Random(seed);
		int rounds = Integer.getInteger("stress.rounds", 1000);
		AtomicInteger ended = new AtomicInteger();
		for (int i = 0; i < rounds; i++) {
			Job<String> job = this.engine.spawn((random.nextBoolean())
					? JobOptions.named("job").timeout(Duration.ofMillis(1)) : JobOptions.named("job"), () -> "x");
			List<CompletableFuture<Boolean>> cancels = new ArrayList<>();
			for (int c = 0; c < 3; c++) {
				cancels.add(CompletableFuture.supplyAsync(job::cancel));
			}
			this.clock.advance(Duration.ofMillis(random.nextInt(2)));
			long won = cancels.stream().filter(CompletableFuture::join).count();
			Eventually.holds(() -> job.state().isEnded());
			assertThat(won).as("seed %d, round %d", seed, i).isEqualTo((job.state() == JobState.CANCELLED) ? 1 : 0);
			ended.incrementAndGet();
		}
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		assertThat(ended).hasValue(rounds);
		assertThat(this.clock.timers()).isZero();
	}

}
