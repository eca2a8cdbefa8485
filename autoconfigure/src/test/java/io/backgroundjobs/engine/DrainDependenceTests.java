package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests of what a stop does to jobs that depend on other jobs, on their own threads'
 * stops, and on who is told.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DrainDependenceTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Gate gate = this.bench.gate();

	private final Gate other = this.bench.gate();

	private final Journal journal = new Journal();

	private final JobEngine engine = start(PoolBench.pool(2),
			PoolBench.pool("small", 1).withPendingLimit(1).withOverflow(OverflowPolicy.BLOCK));

	private JobEngine start(PoolSpec... pools) {
		return this.bench.start((builder) -> builder.clock(this.clock)
			.exceptionHandler(this.journal)
			.shutdown(SECOND.multipliedBy(20), SECOND.multipliedBy(25), SECOND), pools);
	}

	@Test
	void jobWhoseChildIsDroppedIsCancelledAndNotFailed() throws Exception {
		this.engine.spawn(PoolBench.in("small"), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> child = this.engine.spawn(PoolBench.in("small"), (job) -> "child");
		Job<String> parent = this.engine.spawn("parent", () -> child.await());
		Job<String> delayed = this.engine.spawn(JobOptions.named("delayed").delay(Duration.ofHours(1)), () -> "x");
		Job<String> second = this.engine.spawn("second", () -> delayed.await());
		Eventually.holds(() -> ((JobRun<?>) child).waiters() != null && ((JobRun<?>) delayed).waiters() != null);
		Stop stop = Stop.begin(this.engine, this.clock);
		Eventually.holds(() -> second.state().isEnded());
		this.clock.advance(SECOND.multipliedBy(20));
		ShutdownReport result = stop.end();
		assertThat(List.of(parent, second)).allSatisfy((job) -> {
			assertThat(job.state()).isEqualTo(JobState.CANCELLED);
			assertThat(job.cancelReason()).isEqualTo("shutdown");
			assertThat(Stop.fate(result, job)).isEqualTo(Fate.CANCELLED);
		});
		assertThat(this.journal.lines("handled")).isEmpty();
	}

	@Test
	void jobThatMayNotSpawnForLaterIsCancelledAndNotFailed() throws Exception {
		Job<Object> job = this.engine.spawn("parent", (context) -> {
			this.gate.pass();
			return this.engine.spawn(JobOptions.named("later").delay(SECOND), () -> "x");
		});
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.gate.open(1);
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.CANCELLED);
		assertThat(this.journal.lines("handled")).isEmpty();
	}

	@Test
	void jobThatIsBlockedInASpawnGoesOnWhenTheDrainBegins() throws Exception {
		this.engine.spawn(PoolBench.in("small"), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.engine.spawn(PoolBench.in("small"), (job) -> "pending");
		Job<String> parent = this.engine.spawn("parent", (context) -> {
			this.other.pass();
			return this.engine.spawn(PoolBench.in("small"), (job) -> "child").await();
		});
		this.other.awaitEntered(1);
		Thread runner = ((JobRun<?>) parent).runner();
		int before = this.clock.timers();
		this.other.open(1);
		Eventually.holds(() -> this.clock.timers() > before);
		Eventually.waits(runner);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.gate.open(1);
		assertThat(stop.end().jobs()).hasSize(4).allMatch((entry) -> entry.fate() == Fate.FINISHED);
		assertThat(parent.await()).isEqualTo("child");
	}

	@Test
	void bodyThatIsInterruptedAtTheEndOfItsRegionHasTheCloseTimeoutFromThen() throws Exception {
		AtomicBoolean cleanedUp = new AtomicBoolean();
		CountDownLatch interrupted = new CountDownLatch(1);
		Job<Object> job = this.engine.spawn("job", (context) -> {
			try {
				context.shield(() -> this.gate.passUninterrupted());
				new CountDownLatch(1).await();
				return "not interrupted";
			}
			finally {
				interrupted.countDown();
				this.other.passUninterrupted();
				cleanedUp.set(true);
			}
		});
		this.gate.awaitEntered(1);
		Stop stop = Stop.begin(this.engine, this.clock);
		this.clock.advance(SECOND.multipliedBy(20));
		Eventually.holds(() -> ((JobRun<?>) job).extras().deferred != null);
		this.clock.advance(SECOND.multipliedBy(3));
		this.gate.open(1);
		interrupted.await();
		this.other.awaitEntered(1);
		assertThat(stop.goesOn()).isTrue();
		this.other.open(1);
		assertThat(Stop.fate(stop.end(), job)).isEqualTo(Fate.CANCELLED);
		assertThat(cleanedUp).isTrue();
	}

	@Test
	void asynchronousWorkIsCancelledBesideListenersThatHang() throws Exception {
		CompletableFuture<String> stage = new CompletableFuture<>();
		JobEngine listened = this.bench.start((builder) -> builder.listener(new JobListener() {

			@Override
			public void ended(Job<?> job) {
				DrainDependenceTests.this.other.passUninterrupted();
			}

		}).shutdown(Duration.ZERO, Duration.ZERO, Duration.ofMillis(10)), PoolBench.pool(1));
		listened.spawn(JobOptions.named("delayed").delay(Duration.ofHours(1)), () -> "x");
		listened.spawnAsync("async", (job) -> {
			this.gate.pass();
			return stage;
		});
		this.gate.open(1);
		Eventually.holds(() -> stage.getNumberOfDependents() > 0);
		listened.stop();
		Eventually.holds(stage::isCancelled);
	}

	@Test
	void jobThatWaitsForTheCallerOfTheStopIsNotWaitedFor() throws Exception {
		CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
		Job<Object> outer = this.engine.spawn("outer", (context) -> this.engine.spawn("inner", (job) -> {
			Eventually.holds(() -> ((JobRun<?>) job).waiters() != null);
			report.complete(this.engine.stop());
			return "stopped";
		}).await());
		assertThat(report.get().jobs()).extracting(Entry::name, Entry::fate)
			.containsExactly(tuple("outer", Fate.CALLER), tuple("inner", Fate.CALLER));
		assertThat(outer.await()).isEqualTo("stopped");
	}

	@Test
	void jobOfAnotherSchedulerIsNoCaller() throws Exception {
		JobEngine second = start(PoolBench.pool(1));
		Job<ShutdownReport> job = second.spawn("stops", () -> this.engine.stop());
		assertThat(job.await().jobs()).isEmpty();
	}

	// Who gets the lock first, the start or the late stop, is a matter of chance.
	@RepeatedTest(20)
	void stopThatComesAfterAnotherStopAndAStartUndoesNothing() throws Exception {
		Job<ShutdownReport> late = this.engine.spawn("late", () -> {
			this.gate.pass();
			return this.engine.stop();
		});
		this.gate.awaitEntered(1);
		CompletableFuture<Boolean> restarted = new CompletableFuture<>();
		Thread first = new Thread(() -> {
			this.engine.stop();
			this.engine.start();
			restarted.complete(this.engine.isRunning());
		});
		first.start();
		Eventually.waits(first);
		this.gate.open(1);
		assertThat(restarted.get()).isTrue();
		late.await();
		assertThat(this.engine.isRunning()).isTrue();
	}

	@Test
	void holdOfTheContextWhileItStopsDropsNothing() throws Exception {
		this.engine.spawn(PoolBench.in("small"), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> pending = this.engine.spawn(PoolBench.in("small"), (job) -> "pending");
		Stop stop = Stop.begin(this.engine, this.clock);
		this.engine.hold();
		this.gate.open(1);
		Eventually.holds(() -> this.engine.pools().stream().allMatch((pool) -> pool.active() == 0));
		assertThat(pending.state()).isEqualTo(JobState.PENDING);
		this.engine.release();
		assertThat(Stop.fate(stop.end(), pending)).isEqualTo(Fate.FINISHED);
	}

	@Test
	void runThatAThreadTookAndDidNotEnterWasDropped() {
		JobRun<?> run = Runs.of(new Outside("caller", Runs.engine(this.clock), (admitted) -> RejectionReason.FULL, 0),
				() -> {
				});
		ShutdownReport result = DrainedRun.report(this.clock.instant(), 0,
				List.of(new DrainedRun(run, Phase.CANCELLED, false, 0)), List.of(), Set.of(), 0);
		assertThat(result.jobs()).extracting(Entry::fate).containsExactly(Fate.DROPPED);
	}

	@Test
	void jobThatWasDroppedAndWhoseListenerStopsIsNoCaller() {
		JobRun<?> run = Runs.of(new Outside("caller", Runs.engine(this.clock), (admitted) -> RejectionReason.FULL, 0),
				() -> {
				});
		ShutdownReport result = DrainedRun.report(this.clock.instant(), 0,
				List.of(new DrainedRun(run, Phase.CANCELLED, true, 0)), List.of(), Set.of(run), 0);
		assertThat(result.jobs()).extracting(Entry::fate).containsExactly(Fate.DROPPED);
	}

}
