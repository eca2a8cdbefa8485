package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of what an observer is told of each attempt, and of where its scope is open.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class JobObserverTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final ThreadLocal<@Nullable String> context = new ThreadLocal<>();

	private static final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final List<String> openedByCouriers = new CopyOnWriteArrayList<>();

	private final Gate gate = this.bench.gate();

	private final JobEngine engine = start(new NotingObserver());

	private JobEngine start(JobObserver observer) {
		return this.bench.start((builder) -> builder.clock(this.clock)
			.propagator(new NotingPropagator())
			.observer(observer)
			.exceptionHandler((job, failure) -> this.told.add("handled in " + current.get()))
			.shutdown(Duration.ZERO, Duration.ZERO, SECOND), PoolBench.pool(2));
	}

	private static RetryPolicy retries(int count) {
		return RetryPolicy.builder().maxRetries(count).delay(SECOND).build();
	}

	@Test
	void attemptIsObservedWithinTheContextOfItsJob() throws Exception {
		context.set("request");
		Job<String> job = this.engine.spawn("job", () -> current.get() + " in " + context.get());
		context.remove();
		assertThat(job.await()).isEqualTo("attempt 1 in request");
		assertThat(this.told).containsExactly("start 1 in request", "stop 1 succeeded");
	}

	@Test
	void tickIsObservedInAnEmptyContext() throws Exception {
		context.set("of whoever registers");
		this.engine.addPeriodic("periodic", SECOND, () -> {
		});
		context.remove();
		this.clock.advance(Duration.ZERO);
		Eventually.holds(() -> this.told.size() == 2);
		assertThat(this.told).containsExactly("start 1 in null", "stop 1 succeeded");
	}

	@Test
	void threadIsCleanAfterwards() throws Exception {
		JobEngine narrow = this.bench.start(
				(builder) -> builder.observer((job) -> job.name().equals("next") ? null : new NotingAttempt(1)),
				PoolBench.pool(1));
		assertThat(narrow.spawn("job", current::get).await()).isEqualTo("attempt 1");
		assertThat(narrow.<@Nullable String>spawn("next", current::get).await()).isNull();
		current.set("the caller's own");
		assertThat(narrow.<String>runHere(JobOptions.named("here"), (job) -> current.get())).isEqualTo("attempt 1");
		assertThat(current.get()).isEqualTo("the caller's own");
		current.remove();
	}

	@Test
	void eachAttemptIsObservedByItselfInTheSameContext() throws Exception {
		context.set("request");
		Job<String> job = this.engine.spawn(JobOptions.named("job").retry(retries(1)), (running) -> {
			if (running.attempt() == 1) {
				throw new IllegalStateException("broken");
			}
			return current.get() + " in " + context.get();
		});
		context.remove();
		Eventually.holds(() -> job.state() == JobState.SCHEDULED && this.clock.timers() == 1);
		assertThat(this.told).containsExactly("start 1 in request", "stop 1 failed IllegalStateException");
		this.clock.advance(SECOND);
		assertThat(job.await()).isEqualTo("attempt 2 in request");
		assertThat(this.told.subList(2, 4)).containsExactly("start 2 in request", "stop 2 succeeded");
	}

	@Test
	void failureIsHandledInTheScopeOfItsAttempt() throws Exception {
		this.engine.spawn("job", (job) -> {
			throw new IllegalStateException("broken");
		});
		Eventually.holds(() -> this.told.size() == 3);
		assertThat(this.told).containsExactly("start 1 in null", "stop 1 failed IllegalStateException",
				"handled in attempt 1");
	}

	@Test
	void timeoutStopsItAndIsHandledInItsScope() throws Exception {
		this.engine.spawn(JobOptions.named("job").timeout(SECOND), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		Eventually.holds(() -> this.told.size() == 3);
		assertThat(this.told).containsExactly("start 1 in null", "stop 1 timed-out JobTimeoutException",
				"handled in attempt 1");
	}

	@Test
	void lastTimeoutOfAJobWithARetryPolicyIsHandledInItsScope() throws Exception {
		JobOptions options = JobOptions.named("job").timeout(SECOND).retry(retries(0));
		this.engine.spawn(options, PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		Eventually.holds(() -> this.told.size() == 3);
		assertThat(this.told).containsExactly("start 1 in null", "stop 1 timed-out JobTimeoutException",
				"handled in attempt 1");
	}

	@Test
	void cancelledAttemptHasNoFailure() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		job.cancel();
		assertThat(this.told).containsExactly("start 1 in null", "stop 1 cancelled");
	}

	@Test
	void attemptThatIsCancelledWhileItIsStartedIsStoppedOnce() throws Exception {
		JobEngine cancelling = start((job) -> {
			job.cancel();
			return new NotingAttempt(job.attempts());
		});
		Job<String> job = cancelling.spawn("job", () -> "x");
		Eventually.holds(() -> job.state() == JobState.CANCELLED && PoolBench.look(cancelling).active() == 0);
		assertThat(this.told).containsExactly("stop 1 cancelled");
	}

	@Test
	void shutdownStopsIt() throws Exception {
		this.engine.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.engine.stop();
		Eventually.holds(() -> this.told.contains("stop 1 cancelled"));
	}

	@Test
	void asynchronousBodyIsObservedUntilItCompletes() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> job = this.engine.spawnAsync("job", (running) -> stage);
		Eventually.holds(() -> stage.getNumberOfDependents() > 0);
		assertThat(this.told).containsExactly("start 1 in null");
		stage.completeExceptionally(new IllegalStateException("broken"));
		assertThat(this.told).containsExactly("start 1 in null", "stop 1 failed IllegalStateException",
				"handled in attempt 1");
		assertThat(job.state()).isEqualTo(JobState.FAILED);
		assertThat(current.get()).isNull();
	}

	@Test
	void bodyThatStaysIsWarnedAboutInItsScope() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		job.cancel();
		assertThat(this.openedByCouriers).isEmpty();
		this.clock.advance(SECOND);
		Eventually.holds(() -> this.openedByCouriers.equals(List.of("attempt 1")));
	}

	@Test
	void whoSeesTheEndFindsTheObservationStopped() throws Exception {
		for (int i = 0; i < 1000; i++) {
			this.told.clear();
			this.engine.spawn("job", () -> "x").await();
			assertThat(this.told).contains("stop 1 succeeded");
		}
	}

	@Test
	void attemptThatIsNotObservedIsLeftAlone() throws Exception {
		JobEngine selective = start((job) -> (job.attempts() == 1) ? new NotingAttempt(1) : null);
		Job<String> job = selective.spawn(JobOptions.named("job").retry(retries(1)), (running) -> {
			this.told.add("body in " + current.get());
			throw new IllegalStateException("broken");
		});
		Eventually.holds(() -> job.state() == JobState.SCHEDULED && this.clock.timers() == 1);
		this.clock.advance(SECOND);
		Eventually.holds(() -> this.told.contains("handled in null"));
		assertThat(this.told).containsSubsequence("body in attempt 1", "stop 1 failed IllegalStateException",
				"body in null", "handled in null");
	}

	@Test
	void observerThatThrowsChangesNothing() throws Exception {
		JobEngine broken = start((job) -> {
			throw new IllegalStateException("broken observer");
		});
		assertThat(broken.spawn("job", () -> "x").await()).isEqualTo("x");
		JobEngine breaking = start((job) -> new BrokenAttempt());
		assertThat(breaking.spawn("job", () -> "x").await()).isEqualTo("x");
		Job<String> failing = breaking.spawn("job", (job) -> {
			throw new IllegalStateException("broken body");
		});
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(failing::await)
			.havingCause()
			.withMessage("broken body");
		Eventually.holds(() -> PoolBench.look(breaking).active() == 0);
	}

	private static void restore(ThreadLocal<@Nullable String> variable, @Nullable String value) {
		if (value != null) {
			variable.set(value);
		}
		else {
			variable.remove();
		}
	}

	/**
	 * Binds the name of the attempt to the thread, and notes when that happens elsewhere
	 * than around a body.
	 */
	private class NotingAttempt implements JobObserver.ObservedAttempt {

		private final int number;

		NotingAttempt(int number) {
			this.number = number;
		}

		@Override
		public JobContextPropagator.Scope openScope() {
			String before = current.get();
			current.set("attempt " + this.number);
			if (Thread.currentThread().getName().contains("courier")) {
				JobObserverTests.this.openedByCouriers.add("attempt " + this.number);
			}
			return () -> restore(current, before);
		}

		@Override
		public void stop(JobOutcome outcome, @Nullable Throwable failure) {
			String how = (failure != null) ? outcome + " " + failure.getClass().getSimpleName() : outcome.toString();
			JobObserverTests.this.told.add("stop " + this.number + " " + how);
		}

	}

	private final class NotingObserver implements JobObserver {

		@Override
		public ObservedAttempt start(Job<?> job) {
			JobObserverTests.this.told.add("start " + job.attempts() + " in " + context.get());
			return new NotingAttempt(job.attempts());
		}

	}

	private static final class NotingPropagator implements JobContextPropagator {

		@Override
		public @Nullable Object capture() {
			return context.get();
		}

		@Override
		public Scope open(@Nullable Object captured, Job<?> job) {
			String before = context.get();
			restore(context, (String) captured);
			return () -> restore(context, before);
		}

	}

	private static final class BrokenAttempt implements JobObserver.ObservedAttempt {

		@Override
		public JobContextPropagator.Scope openScope() {
			throw new IllegalStateException("broken scope");
		}

		@Override
		public void stop(JobOutcome outcome, @Nullable Throwable failure) {
			throw new IllegalStateException("broken stop");
		}

	}

}
