package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that code of the user never runs under a lock: each callback lets another thread
 * use every part of the engine, and waits for it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CallbackTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Prober prober = new Prober();

	private final ManualClock clock = new ManualClock();

	private final Gate gate = this.bench.gate();

	private final JobEngine engine = this.bench.start((builder) -> builder.clock(this.clock)
		.listener(this.prober)
		.recorder(this.prober)
		.propagator(this.prober)
		.observer(this.prober)
		.exceptionHandler(this.prober)
		.overrides(this.prober)
		.commitHook(this.prober), PoolBench.pool(2).withPendingLimit(3), PoolBench.pool("probe", 2));

	@Test
	void noCallbackRunsUnderALock() throws Exception {
		PeriodicJobHandle probed = this.engine.addPeriodic(PeriodicJobSpec.named("probed").pool("probe").enabled(false),
				() -> {
				});
		this.prober.begin(this.engine, probed);
		spawnedJobs();
		periodicJobs();
		this.prober.end();
		assertThat(this.prober.stuck).isEmpty();
		assertThat(this.prober.probed).contains("accepted", "started", "attemptFailed", "ended", "overrunLeft",
				"recorder.started", "recorder.late", "recorder.ended", "recorder.ticked", "recorder.rejected",
				"capture", "open", "close", "handle", "override", "commitHook", "retryPolicy", "executor", "trigger",
				"future", "stage", "observer", "observer.scope", "observer.stop");
	}

	private void spawnedJobs() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).predicate((failure) -> {
			this.prober.probe("retryPolicy");
			return true;
		}).build();
		Job<String> retried = this.engine.spawn(JobOptions.named("retried").retry(policy), (job) -> {
			throw new IllegalStateException("broken");
		});
		while (!retried.state().isEnded()) {
			this.clock.advance(Duration.ofMillis(1));
			Thread.yield();
		}
		Job<String> stubborn = this.engine.spawn(JobOptions.named("stubborn").timeout(Duration.ofSeconds(1)),
				PoolBench.ignoring(this.gate));
		CompletableFuture<Void> followed = stubborn.toFuture().handle((value, failure) -> {
			this.prober.probe("future");
			return null;
		});
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(1));
		this.gate.open(1);
		followed.join();
		JobOptions keyed = JobOptions.named("keyed").delay(Duration.ofHours(1));
		this.engine.spawn(keyed.key("k", OnDuplicate.REPLACE_PENDING), () -> "first");
		Job<String> second = this.engine.spawn(keyed.key("k", OnDuplicate.REPLACE_PENDING), () -> "second");
		this.engine.trySpawn(keyed.key("k", OnDuplicate.REJECT), (job) -> "third");
		second.cancel();
		this.engine.spawn(JobOptions.named("committed").afterCommit(), () -> "x").await();
		CompletableFuture<String> stage = new CompletableFuture<>() {
			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				CallbackTests.this.prober.probe("stage");
				return super.cancel(mayInterruptIfRunning);
			}
		};
		Gate returned = this.bench.gate();
		returned.open(1);
		Job<String> async = this.engine.spawnAsync("async", (job) -> {
			returned.pass();
			return stage;
		});
		returned.awaitEntered(1);
		// Before that a cancel interrupts the body, which then returns no stage at all.
		Eventually.holds(() -> stage.getNumberOfDependents() > 0);
		async.cancel();
		Eventually.holds(stage::isDone);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

	private void periodicJobs() throws Exception {
		Executor executor = (task) -> {
			this.prober.probe("executor");
			task.run();
		};
		JobSchedule custom = new JobSchedule.Custom((context) -> {
			this.prober.probe("trigger");
			return this.clock.instant().plusSeconds(1);
		});
		this.engine.addPeriodic(PeriodicJobSpec.named("executed").every(Duration.ofSeconds(1)).executor(executor),
				() -> {
				});
		PeriodicJobHandle triggered = this.engine
			.addPeriodic(PeriodicJobSpec.named("custom").every(Duration.ofSeconds(1)), () -> {
			});
		triggered.reschedule(custom);
		PeriodicJobHandle overlapping = this.engine.addPeriodic(
				PeriodicJobSpec.named("overlapping").every(Duration.ofSeconds(1)).overlap(OverlapPolicy.SKIP),
				PoolBench.through(this.gate));
		PeriodicJobHandle overtaken = this.engine.addPeriodic(
				PeriodicJobSpec.named("overtaken").every(Duration.ofSeconds(1)).overlap(OverlapPolicy.CANCEL_RUNNING),
				PoolBench.through(this.gate));
		for (int i = 0; i < 4; i++) {
			this.clock.advance(Duration.ofSeconds(1));
		}
		Eventually.holds(() -> overlapping.ticks().getOrDefault(TickResult.OVERLAP, 0L) > 0);
		try {
			overlapping.trigger();
		}
		catch (JobRejectedException ex) {
			assertThat(ex.reason()).isEqualTo(RejectionReason.OVERLAP);
		}
		overlapping.pause();
		this.clock.advance(Duration.ofSeconds(1));
		overtaken.remove();
		triggered.remove();
		this.gate.open(1000);
		this.engine.findPeriodic("executed").ifPresent(PeriodicJobHandle::remove);
		overlapping.remove();
		Eventually.holds(() -> this.engine.jobs().isEmpty());
	}

	/**
	 * Is every callback there is; lets another thread use the engine and waits for it.
	 */
	private static final class Prober implements JobListener, JobRecorder, JobContextPropagator, JobObserver,
			JobObserver.ObservedAttempt, JobExceptionHandler, JobOverrides, CommitHook {

		private final Set<String> probed = ConcurrentHashMap.newKeySet();

		private final Set<String> stuck = ConcurrentHashMap.newKeySet();

		private final AtomicInteger underWay = new AtomicInteger();

		private final AtomicInteger number = new AtomicInteger();

		/** Threads that probe, whose own doings call no further probe. */
		private final ThreadLocal<Boolean> probing = new ThreadLocal<>();

		private volatile @Nullable Job<?> ended;

		private volatile @Nullable JobEngine engine;

		private volatile @Nullable PeriodicJobHandle handle;

		void begin(JobEngine probedEngine, PeriodicJobHandle probedHandle) {
			this.handle = probedHandle;
			this.engine = probedEngine;
		}

		void end() throws InterruptedException {
			this.engine = null;
			Eventually.holds(() -> this.underWay.get() == 0);
		}

		void probe(String callback) {
			JobEngine current = this.engine;
			if (current == null || this.probing.get() != null || this.underWay.get() > 8
					|| !this.probed.add(callback)) {
				return;
			}
			this.underWay.incrementAndGet();
			try {
				use(current);
				CompletableFuture.runAsync(() -> use(current), (task) -> new Thread(task).start())
					.get(5, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				// The job of this thread was cancelled meanwhile: asked again next time.
				this.probed.remove(callback);
				Thread.currentThread().interrupt();
			}
			catch (TimeoutException | ExecutionException ex) {
				this.stuck.add(callback + ": " + ex);
			}
			finally {
				this.underWay.decrementAndGet();
			}
		}

		private void use(JobEngine current) {
			this.probing.set(true);
			try {
				JobOptions options = JobOptions.named("probe").pool("probe");
				current.trySpawn(options, (job) -> "x").ifPresent(Job::toFuture);
				current.trySpawn(options.delay(Duration.ofHours(9)).key("p", OnDuplicate.REPLACE_PENDING), (job) -> "x")
					.ifPresent(Job::cancel);
				Job<?> over = this.ended;
				if (over != null) {
					assertThat(over.cancel()).isFalse();
				}
				current.pools();
				current.jobs().forEach(Job::state);
				current.history();
				current.periodicJobs().forEach(PeriodicJobHandle::nextRun);
				PeriodicJobHandle probe = this.handle;
				if (probe != null) {
					try {
						probe.trigger();
					}
					catch (JobRejectedException ex) {
						// it runs already
					}
				}
				current.periodicJobs().forEach(PeriodicJobHandle::isPaused);
				current.addPeriodic(PeriodicJobSpec.named("probe-" + this.number.incrementAndGet())
					.pool("probe")
					.every(Duration.ofHours(9))
					.initialDelay(Duration.ofHours(9)), () -> {
					}).remove();
				current.resizePool("default", 2);
				current.pausePool("probe");
				current.resumePool("probe");
			}
			finally {
				this.probing.remove();
			}
		}

		@Override
		public void accepted(Job<?> job) {
			probe("accepted");
		}

		@Override
		public void started(Job<?> job) {
			probe("started");
		}

		@Override
		public void attemptFailed(Job<?> job, Throwable failure) {
			probe("attemptFailed");
		}

		@Override
		public void ended(Job<?> job) {
			this.ended = job;
			probe("ended");
		}

		@Override
		public void overrunLeft(Job<?> job) {
			probe("overrunLeft");
		}

		@Override
		public void handle(Job<?> job, Throwable failure) {
			probe("handle");
		}

		@Override
		public void started(Job<?> job, long waited) {
			probe("recorder.started");
		}

		@Override
		public void late(Job<?> job, long late) {
			probe("recorder.late");
		}

		@Override
		public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
			probe("recorder.ended");
		}

		@Override
		public void ticked(String name, TickResult result, long count) {
			probe("recorder.ticked");
			probe("recorder.ticked " + result);
		}

		@Override
		public void rejected(String pool, RejectionReason reason) {
			probe("recorder.rejected");
			probe("recorder.rejected " + reason);
		}

		@Override
		public @Nullable Object capture() {
			probe("capture");
			return null;
		}

		@Override
		public Scope open(@Nullable Object captured, Job<?> job) {
			probe("open");
			return () -> probe("close");
		}

		@Override
		public ObservedAttempt start(Job<?> job) {
			probe("observer");
			return this;
		}

		@Override
		public Scope openScope() {
			probe("observer.scope");
			return () -> probe("observer.scope closed");
		}

		@Override
		public void stop(JobOutcome outcome, @Nullable Throwable failure) {
			probe("observer.stop");
			probe("observer.stop " + outcome);
		}

		@Override
		public JobOptions apply(JobOptions options) {
			probe("override");
			return options;
		}

		@Override
		public PeriodicJobSpec apply(PeriodicJobSpec spec) {
			probe("override of a periodic job");
			return spec;
		}

		@Override
		public boolean register(Runnable onCommit, Runnable onRollback) {
			probe("commitHook");
			return false;
		}

	}

}
