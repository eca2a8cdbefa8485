package io.backgroundjobs.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.OnDuplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of attempts that follow a failed one.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RetryTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Journal journal = new Journal();

	private final JobEngine engine = this.bench.start(
			(builder) -> builder.clock(this.clock).exceptionHandler(this.journal).listener(this.journal),
			PoolBench.pool(1));

	private final Gate gate = this.bench.gate();

	private static JobOptions retrying(int maxRetries) {
		return JobOptions.named("job").retry(RetryPolicy.builder().maxRetries(maxRetries).delay(SECOND).build());
	}

	private static JobBody<String> failingUntil(int attempt) {
		return (job) -> {
			if (job.attempt() < attempt) {
				throw new IOException("attempt " + job.attempt());
			}
			return "attempt " + job.attempt();
		};
	}

	/** Wait until a job waits for its next attempt and the timer for that is set. */
	private void awaitScheduled(Job<?> job) throws InterruptedException {
		Eventually.holds(() -> job.state() == JobState.SCHEDULED && this.clock.timers() == 1);
	}

	@Test
	void attemptFollowsAfterTheDelayOfThePolicy() throws Exception {
		Job<String> job = this.engine.spawn(retrying(2), failingUntil(3));
		awaitScheduled(job);
		this.clock.advance(Duration.ofMillis(999));
		assertThat(job.attempts()).isOne();
		this.clock.advance(Duration.ofMillis(1));
		Eventually.holds(() -> job.attempts() == 2);
		awaitScheduled(job);
		this.clock.advance(SECOND);
		assertThat(job.await()).isEqualTo("attempt 3");
		assertThat(job.attempts()).isEqualTo(3);
	}

	@Test
	void failuresOfEarlierAttemptsGoToListenersOnly() throws Exception {
		Job<String> job = this.engine.spawn(retrying(1), failingUntil(9));
		awaitScheduled(job);
		assertThat(this.journal.lines("attemptFailed")).containsExactly("attemptFailed job IOException");
		assertThat(this.journal.lines("handled")).isEmpty();
		this.clock.advance(SECOND);
		Eventually.holds(() -> !this.journal.lines("handled").isEmpty());
		assertThat(this.journal.lines("attemptFailed")).hasSize(1);
		assertThat(this.journal.lines("handled")).containsExactly("handled job IOException");
		assertThat(job.failure()).hasMessage("attempt 2");
	}

	@Test
	void betweenAttemptsItHoldsNeitherAThreadNorAPlace() throws Exception {
		Job<String> job = this.engine.spawn(retrying(1), failingUntil(2));
		awaitScheduled(job);
		assertThat(PoolBench.look(this.engine).active()).isZero();
		assertThat(PoolBench.look(this.engine).pending()).isOne();
		assertThat(this.engine.<String>run("other", (context) -> "other")).isEqualTo("other");
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(SECOND);
		assertThat(job.await()).isEqualTo("attempt 2");
	}

	@Test
	void betweenAttemptsItHoldsItsKeyAndNothingTakesItsPlace() throws Exception {
		Job<String> job = this.engine.spawn(retrying(1).key("k", OnDuplicate.REJECT), failingUntil(2));
		awaitScheduled(job);
		assertThatExceptionOfType(JobRejectedException.class)
			.isThrownBy(() -> this.engine.spawn(JobOptions.named("job").key("k", OnDuplicate.REJECT), () -> "x"));
		Job<String> behind = this.engine.spawn(JobOptions.named("job").key("k", OnDuplicate.REPLACE_PENDING),
				() -> "behind");
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(SECOND);
		assertThat(job.await()).isEqualTo("attempt 2");
		assertThat(behind.await()).isEqualTo("behind");
	}

	@Test
	void betweenAttemptsItCanBeCancelled() throws Exception {
		Job<String> job = this.engine.spawn(retrying(1), failingUntil(2));
		awaitScheduled(job);
		assertThat(job.cancel()).isTrue();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(this.clock.timers()).isZero();
		assertThat(PoolBench.look(this.engine).pending()).isZero();
	}

	@Test
	void policyDecidesWhichFailuresAreTriedAgain() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(5).delay(SECOND).includes(IOException.class).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").retry(policy), (context) -> {
			throw new IllegalStateException("broken");
		});
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await);
		assertThat(job.attempts()).isOne();
	}

	@Test
	void policyIsAskedOnceForEachAttempt() throws Exception {
		List<String> asked = new CopyOnWriteArrayList<>();
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(SECOND).predicate((failure) -> {
			asked.add(failure.getClass().getSimpleName());
			return true;
		}).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").timeout(SECOND).retry(policy),
				PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		// The body leaves with an InterruptedException, which is no failure of its own.
		this.clock.advance(SECOND);
		awaitScheduled(job);
		assertThat(asked).containsExactly("JobTimeoutException");
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("passed");
	}

	@Test
	void timedOutAttemptIsTriedAgainIfThePolicySaysSo() throws Exception {
		RetryPolicy never = RetryPolicy.builder()
			.maxRetries(5)
			.delay(SECOND)
			.excludes(JobTimeoutException.class)
			.build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").timeout(SECOND).retry(never),
				PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		Eventually.holds(() -> job.state().isEnded());
		assertThat(job.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
		assertThat(job.attempts()).isOne();
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

	@Test
	void timeoutIsPerAttempt() throws Exception {
		Job<String> job = this.engine.spawn(retrying(1).timeout(Duration.ofSeconds(3)), (context) -> {
			this.gate.pass();
			return failingUntil(2).run(context);
		});
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(2));
		this.gate.open(1);
		awaitScheduled(job);
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(2));
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("attempt 2");
	}

	@Test
	void nextAttemptWaitsForABodyThatIgnoresItsInterrupt() throws Exception {
		Job<String> job = this.engine.spawn(retrying(1).timeout(SECOND), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		Eventually.holds(() -> !this.journal.lines("attemptFailed").isEmpty());
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(job.attempts()).isOne();
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		assertThat(PoolBench.look(this.engine).overrunning()).isOne();
		assertThat(this.engine.overrunning().stream().map(Job::id)).containsExactly(job.id());
		assertThat(job.overrunningSince()).isEqualTo(this.clock.instant().minus(Duration.ofMinutes(1)));
		this.gate.open(1);
		awaitScheduled(job);
		assertThat(PoolBench.look(this.engine).overrunning()).isZero();
		assertThat(this.engine.overrunning()).isEmpty();
		assertThat(job.overrunningSince()).isNull();
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("ignored");
	}

	@Test
	void bodyLeftBehindByItsLastAttemptGivesThePlaceBackWhenItLeaves() throws Exception {
		Job<String> job = this.engine.spawn(retrying(0).timeout(SECOND), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		Eventually.holds(() -> job.state().isEnded());
		assertThat(PoolBench.look(this.engine).active()).isOne();
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		assertThat(job.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
	}

	@Test
	void policysOwnTimeoutBoundsTheWholeJob() throws Exception {
		RetryPolicy policy = RetryPolicy.builder()
			.maxRetries(100)
			.delay(SECOND)
			.timeout(Duration.ofMillis(2500))
			.build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").retry(policy), failingUntil(3));
		awaitScheduled(job);
		this.clock.advance(SECOND);
		Eventually.holds(() -> job.attempts() == 2);
		awaitScheduled(job);
		this.clock.advance(SECOND);
		assertThat(job.await()).isEqualTo("attempt 3");
		Job<String> longer = this.engine.spawn(JobOptions.named("job").retry(policy), failingUntil(9));
		for (int i = 1; i <= 2; i++) {
			int attempt = i;
			Eventually.holds(() -> longer.attempts() == attempt);
			awaitScheduled(longer);
			this.clock.advance(SECOND);
		}
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(longer::await);
		assertThat(longer.attempts()).isEqualTo(3);
	}

	@Test
	void policysOwnTimeoutInterruptsAnAttempt() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(100).delay(SECOND).timeout(Duration.ofSeconds(5)).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").noTimeout().retry(policy),
				PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(5));
		Eventually.holds(() -> job.state().isEnded());
		assertThat(job.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
	}

	@Test
	void policyThatThrowsEndsTheJobWithItsFailure() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(3).predicate((failure) -> {
			throw new IllegalArgumentException("policy");
		}).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").retry(policy), failingUntil(9));
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingCause()
			.isInstanceOf(IOException.class)
			.satisfies((failure) -> assertThat(failure.getSuppressed()).hasSize(1));
	}

	@Test
	void interruptBetweenTwoAttemptsDoesNotReachTheNextJob() throws Exception {
		AtomicBoolean interrupted = new AtomicBoolean();
		Gate deciding = this.bench.gate();
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(SECOND).predicate((failure) -> {
			deciding.passUninterrupted();
			return true;
		}).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").retry(policy), failingUntil(2));
		deciding.awaitEntered(1);
		assertThat(job.cancel()).isTrue();
		Job<?> next = this.engine.spawn("next", () -> interrupted.set(Thread.currentThread().isInterrupted()));
		deciding.open(1);
		next.await();
		assertThat(interrupted).isFalse();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(PoolBench.look(this.engine).active()).isZero();
	}

	@Test
	void placeIsFreeWhenAnAttemptIsCancelledWhileItsPolicyDecides() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		Gate deciding = this.bench.gate();
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(SECOND).predicate((failure) -> {
			asked.incrementAndGet();
			deciding.passUninterrupted();
			return true;
		}).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").timeout(SECOND).retry(policy),
				PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		deciding.awaitEntered(1);
		assertThat(job.cancel()).isTrue();
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		deciding.open(1);
		assertThat(this.engine.<String>run("next", (context) -> "next")).isEqualTo("next");
		assertThat(asked).hasValue(1);
		assertThat(job.attempts()).isOne();
	}

	@Test
	void runningTimeIsThatOfAllAttempts() throws Exception {
		List<Duration> ran = new CopyOnWriteArrayList<>();
		JobEngine recorded = this.bench.start((builder) -> builder.clock(this.clock).recorder(new RanRecorder(ran)),
				PoolBench.pool(1));
		Job<String> job = recorded.spawn(retrying(1), (context) -> {
			this.gate.pass();
			return failingUntil(2).run(context);
		});
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(2));
		this.gate.open(1);
		awaitScheduled(job);
		this.clock.advance(SECOND);
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(4));
		this.gate.open(1);
		job.await();
		assertThat(ran).containsExactly(Duration.ofSeconds(6));
	}

}
