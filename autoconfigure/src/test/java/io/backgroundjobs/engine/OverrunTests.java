package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of bodies that ignore their interrupt.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class OverrunTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private static final Duration WARNING = Duration.ofSeconds(1);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final ManualClock clock = new ManualClock();

	private final Warnings warnings = new Warnings();

	private final List<Job<?>> left = new CopyOnWriteArrayList<>();

	private final JobListener listener = new JobListener() {

		@Override
		public void overrunLeft(Job<?> job) {
			OverrunTests.this.left.add(job);
		}

	};

	@BeforeEach
	void listen() {
		this.warnings.start();
		Warnings.logger().addAppender(this.warnings);
	}

	@AfterEach
	void listenNoMore() {
		Warnings.logger().detachAppender(this.warnings);
	}

	@Test
	void cancelSetsTheOutcomeAndReleasesWaitersAtOnce() throws Exception {
		JobEngine engine = start(1);
		Job<String> job = engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<String> future = job.toFuture();
		assertThat(job.cancel()).isTrue();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(job.endedAt()).isNotNull();
		assertThat(future).isCompletedExceptionally();
		assertThat(job.cancel()).isFalse();
	}

	@Test
	void bodyThatIsLeftBehindTellsSinceWhen() throws Exception {
		JobEngine engine = start(1);
		Job<String> job = engine.spawn(JobOptions.named("stubborn").timeout(TIMEOUT), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		assertThat(job.overrunningSince()).isNull();
		this.clock.advance(TIMEOUT.plusSeconds(7));
		assertThat(job.overrunningSince()).isEqualTo(this.clock.instant().minusSeconds(7));
		// Measured, not read from a clock that may be corrected.
		this.clock.correct(this.clock.instant().plusSeconds(100));
		assertThat(job.overrunningSince()).isEqualTo(this.clock.instant().minusSeconds(7));
		this.gate.open(1);
		Eventually.holds(() -> job.overrunningSince() == null);
	}

	@Test
	void timeoutSetsTheOutcomeAndReleasesWaitersAtOnce() throws Exception {
		JobEngine engine = start(1);
		Job<String> job = engine.spawn(JobOptions.named("stubborn").timeout(TIMEOUT), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<String> future = job.toFuture();
		this.clock.advance(TIMEOUT.minusNanos(1));
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.clock.advance(Duration.ofNanos(1));
		assertThat(job.state()).isEqualTo(JobState.FAILED);
		assertThat(job.failure()).isInstanceOf(JobTimeoutException.class);
		Eventually.holds(future::isCompletedExceptionally);
	}

	@Test
	void bodyIsInterruptedAndWhatItReturnsLaterIsDropped() throws Exception {
		JobEngine engine = start(1);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Job<String> job = engine.spawn("stubborn", () -> {
			interrupted.complete(this.gate.passUninterrupted());
			return "late";
		});
		this.gate.awaitEntered(1);
		job.cancel();
		this.gate.open(1);
		assertThat(interrupted.get()).isTrue();
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(job.failure()).isNull();
	}

	@Test
	void placeStaysHeldAndIsCountedUntilTheBodyHasLeft() throws Exception {
		JobEngine engine = start(1);
		Job<String> job = engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		assertThat(PoolBench.look(engine).overrunning()).isZero();
		job.cancel();
		assertThat(PoolBench.look(engine).overrunning()).isOne();
		assertThat(PoolBench.look(engine).active()).isOne();
		Job<Integer> next = engine.spawn("next", () -> 1);
		assertThat(next.state()).isEqualTo(JobState.PENDING);
		assertThat(this.left).isEmpty();
		this.gate.open(1);
		assertThat(next.await()).isOne();
		Eventually.holds(() -> this.left.contains(job));
		assertThat(PoolBench.look(engine).overrunning()).isZero();
	}

	@Test
	void bodyThatStaysIsWarnedAboutOnceWithItsStack() throws Exception {
		JobEngine engine = start(1);
		Job<String> job = engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		job.cancel();
		this.clock.advance(WARNING.minusNanos(1));
		assertThat(this.warnings.of(job)).isEmpty();
		this.clock.advance(Duration.ofNanos(1));
		Eventually.holds(() -> !this.warnings.of(job).isEmpty());
		assertThat(this.warnings.of(job).get(0)).contains("stubborn", "passUninterrupted");
		this.clock.advance(WARNING.multipliedBy(100));
		assertThat(this.clock.timers()).isZero();
		assertThat(this.warnings.of(job)).hasSize(1);
	}

	@Test
	void bodyThatLeavesInTimeIsNotWarnedAbout() throws Exception {
		JobEngine engine = start(1);
		Job<String> job = engine.spawn("obedient", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		job.cancel();
		assertThat(this.clock.timers()).isOne();
		this.gate.open(1);
		Eventually.holds(() -> this.clock.timers() == 0);
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		assertThat(this.warnings.of(job)).isEmpty();
	}

	@Test
	void stageThatIgnoresItsCancellationIsCountedAndWarnedAbout() throws Exception {
		JobEngine engine = start(1);
		CompletableFuture<String> stage = new CompletableFuture<>() {

			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				return false;
			}

		};
		Job<String> job = engine.spawnAsync("stubborn", (context) -> {
			this.gate.passUninterrupted();
			return stage;
		});
		this.gate.awaitEntered(1);
		this.gate.open(1);
		Eventually.holds(() -> stage.getNumberOfDependents() > 0);
		assertThat(job.cancel()).isTrue();
		assertThat(PoolBench.look(engine).overrunning()).isOne();
		this.clock.advance(WARNING);
		Eventually.holds(() -> !this.warnings.of(job).isEmpty());
		assertThat(this.warnings.of(job).get(0)).contains("stubborn", "what its body returned");
		assertThat(PoolBench.look(engine).active()).isOne();
		stage.complete("at last");
		assertThat(PoolBench.look(engine).active()).isZero();
		assertThat(PoolBench.look(engine).overrunning()).isZero();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void itStillCountsAsRunningForOverlap() throws Exception {
		JobEngine engine = start(2);
		PeriodicJobHandle handle = engine.addPeriodic(PeriodicJobSpec.named("periodic")
			.every(Duration.ofSeconds(10))
			.overlap(OverlapPolicy.SKIP)
			.timeout(TIMEOUT), PoolBench.ignoring(this.gate));
		this.clock.advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.clock.advance(TIMEOUT);
		assertThat(handle.lastRun().state()).isEqualTo(JobState.FAILED);
		this.clock.advance(Duration.ofSeconds(7));
		assertThat(handle.ticks()).containsEntry(TickResult.OVERLAP, 1L);
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
		this.clock.advance(Duration.ofSeconds(10));
		this.gate.awaitEntered(1);
		assertThat(handle.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void itStillCountsAsRunningForTheNextAttempt() throws Exception {
		JobEngine engine = start(2);
		RetryPolicy once = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(1)).build();
		Job<String> job = engine.spawn(JobOptions.named("stubborn").timeout(TIMEOUT).retry(once),
				PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(TIMEOUT);
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		assertThat(PoolBench.look(engine).overrunning()).isOne();
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(job.attempts()).isOne();
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(engine).active() == 0 && this.clock.timers() == 1);
		assertThat(PoolBench.look(engine).pending()).isOne();
		this.clock.advance(Duration.ofSeconds(1));
		this.gate.awaitEntered(1);
		this.gate.open(1);
		assertThat(job.await()).isEqualTo("ignored");
		assertThat(job.attempts()).isEqualTo(2);
	}

	@Test
	void shutdownBoundSetsTheOutcomeAndTheReportShowsTheStack() throws Exception {
		JobEngine engine = this.bench.start(
				(builder) -> builder.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1)), PoolBench.pool(1));
		Job<String> job = engine.spawn("stubborn", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		ShutdownReport report = engine.stop();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(job.cancelReason()).isEqualTo("shutdown");
		assertThat(PoolBench.look(engine).overrunning()).isOne();
		assertThat(report.jobs(ShutdownReport.Fate.STILL_RUNNING)).singleElement()
			.satisfies((entry) -> assertThat(entry.stack())
				.anyMatch((element) -> element.getMethodName().equals("passUninterrupted")));
	}

	private JobEngine start(int limit) {
		return this.bench.start((builder) -> builder.clock(this.clock).listener(this.listener), PoolBench.pool(limit));
	}

	/**
	 * What the engine warns about.
	 */
	private static final class Warnings extends AppenderBase<ILoggingEvent> {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		static Logger logger() {
			return (Logger) LoggerFactory.getLogger(Diagnosis.class);
		}

		List<String> of(Job<?> job) {
			return this.seen.stream().filter((message) -> message.contains(job.id())).toList();
		}

		@Override
		protected void append(ILoggingEvent event) {
			if (event.getLevel() == Level.WARN) {
				this.seen.add(event.getFormattedMessage());
			}
		}

	}

}
