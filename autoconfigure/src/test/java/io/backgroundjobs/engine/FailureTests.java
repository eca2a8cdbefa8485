package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobCancelledException;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of who gets to know of a failure.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FailureTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Journal journal = new Journal();

	private final JobEngine engine = this.bench.start((builder) -> builder.exceptionHandler(this.journal),
			PoolBench.pool(2));

	private final Gate gate = this.bench.gate();

	private Job<String> failing() {
		return this.engine.spawn("job", (job) -> {
			this.gate.passUninterrupted();
			throw new IllegalStateException("broken");
		});
	}

	@Test
	void failureThatNobodyWaitsForIsHandled() throws Exception {
		Job<String> job = failing();
		this.gate.open(1);
		Eventually.holds(() -> !this.journal.lines().isEmpty());
		assertThat(this.journal.lines()).containsExactly("handled job IllegalStateException");
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await);
		assertThat(this.journal.lines()).hasSize(1);
	}

	@Test
	void failureThatAThreadWaitsForIsTaken() throws Exception {
		Job<String> job = failing();
		Thread waiter = new Thread(() -> assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await));
		waiter.start();
		Eventually.waits(waiter);
		this.gate.open(1);
		waiter.join();
		this.engine.stop();
		assertThat(this.journal.lines()).isEmpty();
	}

	@Test
	void runTakesAFailureHoweverFastItComes() {
		for (int i = 0; i < 2000; i++) {
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> this.engine.run("fast", (job) -> {
				throw new IllegalStateException("broken");
			}));
		}
		this.engine.stop();
		assertThat(this.journal.lines()).isEmpty();
	}

	@Test
	void shieldTakesAFailure() {
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> this.engine.shield("fast", () -> {
			throw new IllegalStateException("broken");
		}));
		this.engine.stop();
		assertThat(this.journal.lines()).isEmpty();
	}

	@Test
	void waitThatTimedOutHasLeft() throws Exception {
		Job<String> job = failing();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> job.await(Duration.ofMillis(1)));
		this.gate.open(1);
		Eventually.holds(() -> !this.journal.lines().isEmpty());
		assertThat(this.journal.lines()).containsExactly("handled job IllegalStateException");
	}

	@Test
	void waitThatWasInterruptedHasLeft() throws Exception {
		Job<String> job = failing();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(job::await);
		this.gate.open(1);
		Eventually.holds(() -> !this.journal.lines().isEmpty());
	}

	@Test
	void callerOfRunWhoWasInterruptedHasLeft() throws Exception {
		Thread caller = new Thread(() -> assertThatExceptionOfType(InterruptedException.class)
			.isThrownBy(() -> this.engine.run("job", (job) -> {
				this.gate.passUninterrupted();
				throw new IllegalStateException("broken");
			})));
		caller.start();
		this.gate.awaitEntered(1);
		caller.interrupt();
		caller.join();
		this.gate.open(1);
		Eventually.holds(() -> !this.journal.lines().isEmpty());
	}

	@Test
	void futureNeverTakes() throws Exception {
		Job<String> job = failing();
		CompletableFuture<String> future = job.toFuture();
		this.gate.open(1);
		assertThatExceptionOfType(java.util.concurrent.CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(IllegalStateException.class);
		Eventually.holds(() -> !this.journal.lines().isEmpty());
	}

	@Test
	void waitThatTimedOutAtTheVeryEndHasLeftAllTheSame() throws Exception {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		Random random = new Random(seed);
		int rounds = Integer.getInteger("stress.rounds", 1000);
		for (int i = 0; i < rounds; i++) {
			int before = this.journal.lines().size();
			Job<String> job = failing();
			this.gate.awaitEntered(1);
			CompletableFuture<Void> opener = CompletableFuture.runAsync(() -> this.gate.open(1));
			try {
				job.await(Duration.ofNanos(random.nextInt(60_000)));
				throw new AssertionError("it cannot succeed");
			}
			catch (TimeoutException ex) {
				Eventually.holds(() -> this.journal.lines().size() > before);
			}
			catch (JobFailedException ex) {
				// Taken, unless it had ended before the wait began.
			}
			opener.join();
			Eventually.holds(this.engine::isIdle);
			assertThat(this.journal.lines().size() - before).as("seed %d, round %d", seed, i).isBetween(0, 1);
		}
	}

	@Test
	void handlersAreCalledInOrderAndOneThatThrowsBreaksNothing() throws Exception {
		JobEngine several = this.bench.start((builder) -> builder.exceptionHandler((job, failure) -> {
			this.journal.write("first");
			throw new IllegalStateException("handler");
		}).exceptionHandler((job, failure) -> {
			this.journal.write("second");
			throw new AssertionError("handler");
		}).exceptionHandler((job, failure) -> this.journal.write("third")), PoolBench.pool(1));
		several.spawn("job", (job) -> {
			throw new IllegalArgumentException("broken");
		});
		Eventually.holds(() -> this.journal.lines().size() == 3);
		assertThat(this.journal.lines()).containsExactly("first", "second", "third");
		Integer next = several.run("next", (job) -> 1);
		assertThat(next).isOne();
	}

	@Test
	void withoutAHandlerItIsOneLineAtError() throws Exception {
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		Logger logger = (Logger) LoggerFactory.getLogger("io.backgroundjobs");
		appender.start();
		logger.addAppender(appender);
		try {
			JobEngine plain = this.bench.start(PoolBench.pool(1));
			Job<String> job = plain.spawn("broken-job", (context) -> {
				throw new IllegalArgumentException("broken");
			});
			plain.stop();
			List<ILoggingEvent> errors = appender.list.stream()
				.filter((event) -> event.getLevel() == Level.ERROR && event.getFormattedMessage().contains(job.id()))
				.toList();
			assertThat(errors).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage())
					.contains("broken-job", "pool 'default'", "1 attempt")
					.doesNotContain(System.lineSeparator()));
			assertThat(errors.get(0).getThrowableProxy().getMessage()).isEqualTo("broken");
		}
		finally {
			logger.detachAppender(appender);
		}
	}

	@Test
	void cancelledJobHasNoFailureToHandle() throws Exception {
		Job<String> job = failing();
		this.gate.awaitEntered(1);
		job.cancel();
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		this.engine.stop();
		assertThat(this.journal.lines()).isEmpty();
		assertThat(job.failure()).isNull();
	}

	@Test
	void failureOfRunHereIsTheCallersAndKeepsItsType() {
		assertThatExceptionOfType(java.io.IOException.class)
			.isThrownBy(() -> this.engine.runHere(JobOptions.named("here"), (job) -> {
				throw new java.io.IOException("broken");
			}));
		this.engine.stop();
		assertThat(this.journal.lines()).isEmpty();
	}

	@Test
	void runHereThatIsCancelledSaysSoHoweverLongTheOutcomeTakes() throws Exception {
		JobEngine recorded = this.bench.start((builder) -> builder.recorder(new JobRecorder() {

			@Override
			public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
				FailureTests.this.gate.passUninterrupted();
			}

		}), PoolBench.pool(1));
		Gate inside = this.bench.gate();
		CompletableFuture<Object> caller = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				caller.complete(recorded.runHere(JobOptions.named("here"), PoolBench.through(inside)));
			}
			catch (Exception ex) {
				caller.complete(ex);
			}
		});
		thread.start();
		inside.awaitEntered(1);
		Thread canceller = new Thread(() -> recorded.jobs().forEach(Job::cancel));
		canceller.start();
		this.gate.awaitEntered(1);
		Eventually.holds(() -> caller.isDone() || thread.getState() == Thread.State.WAITING);
		this.gate.open(1);
		assertThat(caller.get()).isInstanceOf(JobCancelledException.class);
		canceller.join();
	}

	@Test
	void failureOfStartHereIsTheCallersEvenIfItComesLate() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> job = this.engine.startHere(JobOptions.named("here"), (context) -> stage);
		stage.completeExceptionally(new IllegalStateException("broken"));
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await);
		assertThatExceptionOfType(java.io.IOException.class)
			.isThrownBy(() -> this.engine.<String>startHere(JobOptions.named("here"), (context) -> {
				throw new java.io.IOException("broken");
			}));
		this.engine.stop();
		assertThat(this.journal.lines()).isEmpty();
	}

}
