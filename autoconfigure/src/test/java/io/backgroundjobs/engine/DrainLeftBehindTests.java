package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what a stop does about bodies that ignore their interrupt, with a time that
 * the test owns.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DrainLeftBehindTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Gate gate = this.bench.gate();

	private final Gate other = this.bench.gate();

	private final JobEngine engine = start(PoolBench.pool(1));

	private JobEngine start(PoolSpec pool) {
		return this.bench.start((builder) -> builder.clock(this.clock)
			.shutdown(Duration.ofSeconds(20), Duration.ofSeconds(25), Duration.ofSeconds(1)), pool);
	}

	@Test
	void bodyThatIgnoresEverythingIsListedWithItsStackAfterTheCloseTimeout() throws Exception {
		Job<String> job = this.engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(20));
		Eventually.holds(() -> job.state().isEnded());
		assertThat(stop.goesOn()).isTrue();
		ShutdownReport result = stop.passUntilEnd();
		assertThat(result.jobs(Fate.STILL_RUNNING)).singleElement()
			.satisfies((entry) -> assertThat(entry.stack()).extracting(StackTraceElement::getMethodName)
				.contains("passUninterrupted"));
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void bodyLeftBehindBeforeTheStopIsListedAndHasOnlyTheCloseTimeoutToLeave() throws Exception {
		Job<String> job = this.engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		job.cancel();
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.STILL_RUNNING);
	}

	@Test
	void bodyLeftBehindOnItsCallersThreadHasOnlyTheCloseTimeoutToLeave() throws Exception {
		// So long that the drain's thread, which the clock below outruns, cannot reach
		// them.
		Duration never = Duration.ofDays(30);
		JobEngine callerRuns = this.bench.start(
				(builder) -> builder.clock(this.clock).shutdown(never, never, Duration.ofSeconds(1)),
				PoolBench.pool(1).withPendingLimit(0).withOverflow(OverflowPolicy.CALLER_RUNS));
		AtomicReference<Job<String>> job = new AtomicReference<>();
		callerRuns.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Thread caller = new Thread(() -> job.set(callerRuns
			.spawn(JobOptions.named("stubborn").timeout(Duration.ofSeconds(1)), PoolBench.ignoring(this.other))));
		caller.start();
		this.other.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(1));
		this.gate.open(1);
		CompletableFuture<ShutdownReport> stop = CompletableFuture.supplyAsync(callerRuns::stop);
		Eventually.holds(() -> callerRuns.pools().iterator().next().active() == 0 && !callerRuns.isRunning());
		Eventually.holds(() -> {
			this.clock.advance(Duration.ofMillis(100));
			return stop.isDone();
		});
		assertThat(stop.join().duration()).isLessThan(never);
		assertThat(stop.join().jobs(Fate.STILL_RUNNING)).extracting(Entry::name).containsExactly("stubborn");
		this.other.open(1);
		caller.join();
		assertThat(job.get().outcome()).isEqualTo(JobOutcome.TIMED_OUT);
	}

	@Test
	void nextAttemptOfABodyLeftBehindIsDroppedAtOnce() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().delay(Duration.ofSeconds(1)).build();
		Job<String> job = this.engine.spawn(JobOptions.named("stubborn").timeout(Duration.ofSeconds(3)).retry(policy),
				PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(3));
		Eventually.holds(() -> Retrying.due((JobRun<?>) job) != null);
		Stop stop = Stop.begin(this.engine, this.clock);
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.STILL_RUNNING);
	}

	@Test
	void nextAttemptOfAShieldedBodyLeftBehindIsAwaited() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().delay(Duration.ofSeconds(1)).build();
		AtomicInteger attempts = new AtomicInteger();
		Job<String> job = this.engine
			.spawn(JobOptions.named("stubborn").timeout(Duration.ofSeconds(3)).retry(policy).shielded(), (context) -> {
				if (attempts.incrementAndGet() == 1) {
					this.gate.passUninterrupted();
				}
				return "second";
			});
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(3));
		Eventually.holds(() -> Retrying.due((JobRun<?>) job) != null);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(2));
		this.gate.open(1);
		Eventually.holds(() -> job.state() == JobState.SCHEDULED && ((JobRun<?>) job).timerDue() != null);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.FINISHED);
		assertThat(job.await()).isEqualTo("second");
	}

}
