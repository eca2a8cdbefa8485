package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of what a stop does to the jobs that are live, with a time that the test owns.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DrainTests {

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
	void pendingAndRunningJobsFinishAndThoseTheySpawn() throws Exception {
		AtomicReference<Job<String>> spawned = new AtomicReference<>();
		Job<String> running = this.engine.spawn("running", (job) -> {
			this.gate.pass();
			spawned.set(this.engine.spawn("spawned", () -> "spawned"));
			return "running";
		});
		Job<String> pending = this.engine.spawn("pending", () -> "pending");
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.gate.open(1);
		ShutdownReport result = stop.end();
		assertThat(result.jobs()).extracting(Entry::name).containsExactly("running", "pending", "spawned");
		assertThat(result.jobs(Fate.FINISHED)).hasSize(3);
		assertThat(running.await()).isEqualTo("running");
		assertThat(pending.await()).isEqualTo("pending");
		assertThat(spawned.get().await()).isEqualTo("spawned");
	}

	@Test
	void othersMaySpawnNoMore() throws Exception {
		this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn("late", () -> "x"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
		this.gate.open(1);
		assertThat(stop.end().jobs()).extracting(Entry::name).containsExactly("running");
	}

	@Test
	void jobsThatSpawnWithoutEndAreBoundedByTheWaitTimeout() throws Exception {
		AtomicInteger spawned = new AtomicInteger();
		AtomicBoolean refused = new AtomicBoolean();
		this.engine.spawn("endless", new Runnable() {

			@Override
			public void run() {
				spawned.incrementAndGet();
				try {
					DrainTests.this.engine.spawn("endless", this);
				}
				catch (JobRejectedException ex) {
					refused.set(true);
				}
			}

		});
		Stop stop = Stop.start(this.engine, this.clock);
		int before = spawned.get();
		Eventually.holds(() -> spawned.get() > before + 10);
		this.clock.advance(Duration.ofSeconds(20));
		ShutdownReport result = stop.end();
		assertThat(result.jobs()).isNotEmpty();
		assertThat(refused.get() || !result.jobs(Fate.DROPPED).isEmpty()).isTrue();
		assertThat(this.engine.jobs()).isEmpty();
	}

	@Test
	void delayedJobsAndWaitingRetriesAreDroppedAndNamed() throws Exception {
		Job<String> delayed = this.engine.spawn(JobOptions.named("delayed").delay(Duration.ofSeconds(1)), () -> "x");
		RetryPolicy policy = RetryPolicy.builder().delay(Duration.ofSeconds(1)).build();
		Job<String> retrying = this.engine.spawn(JobOptions.named("retrying").retry(policy), (job) -> {
			throw new IllegalStateException("broken");
		});
		Eventually.holds(() -> retrying.state() == JobState.SCHEDULED && this.clock.timers() == 2);
		ShutdownReport result = this.engine.stop();
		assertThat(result.jobs()).hasSize(2);
		assertThat(result.jobs(Fate.DROPPED)).extracting(Entry::name).containsExactly("delayed", "retrying");
		assertThat(delayed.state()).isEqualTo(JobState.CANCELLED);
		assertThat(delayed.cancelReason()).contains("shutdown");
		assertThat(retrying.state()).isEqualTo(JobState.CANCELLED);
		assertThat(this.clock.timers()).isZero();
	}

	@Test
	void retryThatFailsDuringTheDrainIsDropped() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().delay(Duration.ofSeconds(1)).build();
		Job<String> job = this.engine.spawn(JobOptions.named("retrying").retry(policy), (context) -> {
			this.gate.pass();
			throw new IllegalStateException("broken");
		});
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.gate.open(1);
		assertThat(stop.end().jobs()).extracting(Entry::id).containsExactly(job.id());
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(job.attempts()).isOne();
	}

	@Test
	void shieldedDelayedJobsDueInTimeAreAwaited() throws Exception {
		JobOptions shielded = JobOptions.named("job").shielded();
		Job<String> inTime = this.engine.spawn(shielded.delay(Duration.ofSeconds(24)), () -> "in time");
		Job<String> tooLate = this.engine.spawn(shielded.delay(Duration.ofSeconds(26)), () -> "too late");
		Stop stop = Stop.begin(this.engine, this.clock);
		assertThat(tooLate.state()).isEqualTo(JobState.CANCELLED);
		this.clock.advance(Duration.ofSeconds(23));
		assertThat(inTime.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(inTime.await()).isEqualTo("in time");
		ShutdownReport result = stop.end();
		assertThat(Stop.fate(result, inTime)).isEqualTo(Fate.FINISHED);
		assertThat(Stop.fate(result, tooLate)).isEqualTo(Fate.DROPPED);
	}

	@Test
	void unshieldedJobsAreCancelledAtTheWaitTimeout() throws Exception {
		Job<String> running = this.engine.spawn("running", PoolBench.through(this.gate));
		Job<String> pending = this.engine.spawn("pending", () -> "x");
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofMillis(19_999));
		assertThat(running.state()).isEqualTo(JobState.RUNNING);
		assertThat(pending.state()).isEqualTo(JobState.PENDING);
		this.clock.advance(Duration.ofMillis(1));
		ShutdownReport result = stop.end();
		assertThat(running.state()).isEqualTo(JobState.CANCELLED);
		assertThat(running.cancelReason()).isEqualTo("shutdown");
		assertThat(Stop.fate(result, running)).isEqualTo(Fate.CANCELLED);
		assertThat(Stop.fate(result, pending)).isEqualTo(Fate.DROPPED);
		assertThat(result.jobs(Fate.CANCELLED).get(0).running()).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void noPendingJobTakesThePlaceOfACancelledOne() throws Exception {
		AtomicInteger started = new AtomicInteger();
		this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		for (int i = 0; i < 5000; i++) {
			this.engine.spawn("pending", () -> started.incrementAndGet());
		}
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(20));
		assertThat(stop.end().jobs(Fate.DROPPED)).hasSize(5000);
		assertThat(started).hasValue(0);
	}

	@Test
	void shieldedJobsRunOnUntilTheShieldTimeoutAndAreInterruptedThen() throws Exception {
		Job<String> shielded = this.engine.spawn(JobOptions.named("shielded").shielded(), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(20));
		this.clock.advance(Duration.ofMillis(4999));
		assertThat(shielded.state()).isEqualTo(JobState.RUNNING);
		this.clock.advance(Duration.ofMillis(1));
		ShutdownReport result = stop.end();
		assertThat(shielded.state()).isEqualTo(JobState.CANCELLED);
		assertThat(Stop.fate(result, shielded)).isEqualTo(Fate.CANCELLED);
	}

	@Test
	void shieldedJobThatFinishesInTimeHasFinished() throws Exception {
		Job<String> shielded = this.engine.spawn(JobOptions.named("shielded").shielded(), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(22));
		this.gate.open(1);
		ShutdownReport result = stop.end();
		assertThat(Stop.fate(result, shielded)).isEqualTo(Fate.FINISHED);
		assertThat(shielded.await()).isEqualTo("passed");
	}

	@Test
	void regionDefersTheDrainsCancelAndTheShieldTimeoutOverridesIt() throws Exception {
		Job<String> job = this.engine.spawn("job", (context) -> context.shield(() -> {
			this.gate.pass();
			return "region";
		}));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(20));
		this.clock.advance(Duration.ofSeconds(4));
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.clock.advance(Duration.ofSeconds(1));
		ShutdownReport result = stop.end();
		assertThat(Stop.fate(result, job)).isEqualTo(Fate.CANCELLED);
	}

	@Test
	void regionThatEndsInTimeIsNotInterrupted() throws Exception {
		AtomicBoolean interrupted = new AtomicBoolean();
		Job<String> job = this.engine.spawn("job", (context) -> context.shield(() -> {
			interrupted.set(this.gate.passUninterrupted());
			return "region";
		}));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(20));
		JobRun<?> run = (JobRun<?>) job;
		Eventually.holds(() -> {
			synchronized (run) {
				return run.extras().deferred != null;
			}
		});
		this.gate.open(1);
		stop.end();
		assertThat(interrupted).isFalse();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void pendingJobsOfAPausedPoolAreDroppedAtOnceUnlessTheyAreShielded() throws Exception {
		this.engine.pausePool("default");
		Job<String> pending = this.engine.spawn("pending", () -> "x");
		Job<String> shielded = this.engine.spawn(JobOptions.named("shielded").shielded(), (job) -> "shielded");
		Stop stop = Stop.begin(this.engine, this.clock);
		assertThat(pending.state()).isEqualTo(JobState.CANCELLED);
		assertThat(shielded.state()).isEqualTo(JobState.PENDING);
		this.engine.resumePool("default");
		ShutdownReport result = stop.end();
		assertThat(Stop.fate(result, pending)).isEqualTo(Fate.DROPPED);
		assertThat(Stop.fate(result, shielded)).isEqualTo(Fate.FINISHED);
	}

	@Test
	void jobsThatTheContextsPauseHeldBackFinish() {
		this.engine.hold();
		Job<String> held = this.engine.spawn("held", () -> "x");
		assertThat(Stop.fate(this.engine.stop(), held)).isEqualTo(Fate.FINISHED);
	}

	@Test
	void asynchronousJobsAreCancelledAtTheWaitTimeout() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> job = this.engine.spawnAsync("async", (context) -> {
			this.gate.pass();
			return stage;
		});
		this.gate.open(1);
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(Duration.ofSeconds(20));
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.CANCELLED);
		assertThat(stage).isCancelled();
	}

	@Test
	void asynchronousJobsFinish() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> job = this.engine.spawnAsync("async", (context) -> {
			this.gate.pass();
			return stage;
		});
		this.gate.open(1);
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		stage.complete("late");
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.FINISHED);
		assertThat(job.await()).isEqualTo("late");
	}

	@Test
	void loopIsClosedWhenNothingButLoopsIsLeft() throws Exception {
		JobEngine two = start(PoolBench.pool(2));
		AtomicBoolean stopping = new AtomicBoolean();
		two.background("loop", (job) -> {
			this.other.pass();
			stopping.set(job.isStopping());
		});
		Job<String> job = two.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.other.awaitEntered(1);
		CompletableFuture<ShutdownReport> stop = CompletableFuture.supplyAsync(two::stop);
		Eventually.holds(() -> !two.isRunning());
		this.gate.open(1);
		ShutdownReport result = stop.join();
		assertThat(Stop.fate(result, job)).isEqualTo(Fate.FINISHED);
		assertThat(result.jobs(Fate.CANCELLED)).extracting(Entry::name).containsExactly("loop");
	}

	@Test
	void jobIsCancelledAndNotFailedByAShutdown() throws Exception {
		Journal journal = new Journal();
		JobEngine handled = this.bench.start((builder) -> builder.exceptionHandler(journal)
			.listener(journal)
			.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5)), PoolBench.pool(1));
		handled.spawn("job", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		handled.stop();
		assertThat(journal.lines("ended")).containsExactly("ended job cancelled");
		assertThat(journal.lines("handled")).isEmpty();
	}

	@Test
	void listenerThatNeverReturnsDoesNotOutlastTheBounds() throws Exception {
		JobEngine listened = this.bench.start((builder) -> builder.listener(new HangingListener(this.other))
			.shutdown(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(10)), PoolBench.pool(1));
		Job<String> delayed = listened.spawn(JobOptions.named("delayed").delay(Duration.ofHours(1)), () -> "x");
		Job<String> running = listened.spawn("running", PoolBench.through(this.gate));
		Job<String> pending = listened.spawn("pending", () -> "x");
		this.gate.awaitEntered(1);
		ShutdownReport result = listened.stop();
		assertThat(result.jobs()).extracting(Entry::id)
			.containsExactlyInAnyOrder(delayed.id(), running.id(), pending.id());
		assertThat(pending.state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void atItsLongestItTakesTheShieldTimeoutAndTwiceTheCloseTimeout() throws Exception {
		JobEngine listened = this.bench.start(
				(builder) -> builder.clock(this.clock)
					.listener(new HangingListener(this.other))
					.shutdown(Duration.ofSeconds(20), Duration.ofSeconds(25), Duration.ofSeconds(1)),
				PoolBench.pool(1));
		listened.spawn(JobOptions.named("stays").shielded(), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(listened, this.clock);
		// A body that stays until the first second is over, a listener until the next is.
		ShutdownReport result = stop.passUntilEnd();
		assertThat(result.jobs(Fate.STILL_RUNNING)).hasSize(1);
		assertThat(result.duration()).isGreaterThanOrEqualTo(Duration.ofSeconds(27));
	}

	private record HangingListener(Gate gate) implements io.backgroundjobs.JobListener {

		@Override
		public void ended(Job<?> job) {
			this.gate.passUninterrupted();
		}

	}

}
