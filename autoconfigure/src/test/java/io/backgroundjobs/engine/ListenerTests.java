package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of what listeners and recorders are told.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ListenerTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Journal journal = new Journal();

	private final JobEngine engine = this.bench.start(
			(builder) -> builder.clock(this.clock)
				.listener(this.journal)
				.recorder(new Recorder(this.journal))
				.exceptionHandler(this.journal),
			PoolBench.pool(1).withPendingLimit(1).withOverflow(OverflowPolicy.REJECT));

	private final Gate gate = this.bench.gate();

	private void awaitLines(int count) throws InterruptedException {
		Eventually.holds(() -> this.journal.lines().size() >= count);
	}

	@Test
	void jobsTurnsAreToldInOrder() throws Exception {
		this.engine.pausePool("default");
		Job<String> job = this.engine.spawn("job", () -> "x");
		this.clock.advance(Duration.ofSeconds(2));
		this.engine.resumePool("default");
		job.await();
		awaitLines(5);
		assertThat(this.journal.lines()).containsExactly("accepted job", "recorded start job 1 after PT2S",
				"started job 1", "recorded end job succeeded none live", "ended job succeeded");
	}

	@Test
	void failureIsToldBeforeItIsHandled() throws Exception {
		this.engine.spawn("job", (context) -> {
			throw new IllegalStateException("broken");
		});
		awaitLines(6);
		assertThat(this.journal.lines()).containsSubsequence("recorded end job failed IllegalStateException live",
				"ended job failed", "handled job IllegalStateException");
	}

	@Test
	void eachAttemptIsStartedAndOnlyTheFirstFailureIsAnAttempts() throws Exception {
		RetryPolicy once = RetryPolicy.builder().maxRetries(1).delay(Duration.ofSeconds(1)).build();
		Job<String> job = this.engine.spawn(JobOptions.named("job").retry(once), (context) -> {
			throw new IllegalStateException("broken");
		});
		Eventually.holds(() -> job.state() == JobState.SCHEDULED && this.clock.timers() == 1);
		this.clock.advance(Duration.ofSeconds(1));
		Eventually.holds(() -> !this.journal.lines("handled").isEmpty());
		assertThat(this.journal.lines("started")).containsExactly("started job 1", "started job 2");
		assertThat(this.journal.lines("attemptFailed")).hasSize(1);
		assertThat(this.journal.lines("ended")).hasSize(1);
		assertThat(this.journal.lines("recorded end")).hasSize(1);
	}

	@Test
	void cancelOfAPendingJobIsAnEndWithoutAStart() throws Exception {
		this.engine.pausePool("default");
		Job<String> job = this.engine.spawn("job", () -> "x");
		job.cancel();
		assertThat(this.journal.lines()).containsExactly("accepted job", "recorded end job cancelled none live",
				"ended job cancelled");
		this.engine.resumePool("default");
	}

	@Test
	void bodyThatIgnoredItsInterruptIsToldWhenItLeaves() throws Exception {
		Job<String> job = this.engine.spawn("job", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		job.cancel();
		assertThat(this.journal.lines("overrunLeft")).isEmpty();
		this.gate.open(1);
		Eventually.holds(() -> !this.journal.lines("overrunLeft").isEmpty());
		assertThat(this.journal.lines("ended")).hasSize(1);
	}

	@Test
	void rejectionIsRecorded() throws Exception {
		this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.engine.spawn("pending", () -> "x");
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn("third", () -> "x"));
		assertThat(this.journal.lines("rejected")).containsExactly("rejected default full");
		assertThat(this.journal.lines("accepted")).doesNotContain("accepted third");
		this.gate.open(1);
	}

	@Test
	void ticksAndTheirLatenessAreRecorded() throws Exception {
		PeriodicJobHandle handle = this.engine.addPeriodic("tick", Duration.ofSeconds(1), () -> {
		});
		this.engine.pausePool("default");
		this.clock.advance(Duration.ofMillis(300));
		this.engine.resumePool("default");
		Eventually.holds(() -> !this.journal.lines("ended tick").isEmpty());
		handle.remove();
		assertThat(this.journal.lines("late")).containsExactly("late tick PT0.3S");
		assertThat(this.journal.lines("ticked")).containsExactly("ticked tick ran 1");
	}

	@Test
	void listenersTurnsAreOnTheJobsThreadAndNeverOnTheClocks() throws Exception {
		AtomicReference<String> started = new AtomicReference<>();
		AtomicReference<String> ended = new AtomicReference<>();
		JobEngine listened = this.bench.start((builder) -> builder.clock(this.clock).listener(new JobListener() {

			@Override
			public void started(Job<?> job) {
				started.set(Thread.currentThread().getName());
			}

			@Override
			public void ended(Job<?> job) {
				ended.set(Thread.currentThread().getName());
			}

		}).exceptionHandler((job, failure) -> {
		}), PoolBench.pool(1));
		listened.run("job", (job) -> "x");
		Eventually.holds(() -> ended.get() != null);
		assertThat(started.get()).startsWith("job-default-");
		assertThat(ended.get()).startsWith("job-default-");
		ended.set(null);
		listened.spawn(JobOptions.named("job").timeout(Duration.ofSeconds(1)), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(1));
		Eventually.holds(() -> ended.get() != null);
		assertThat(ended.get()).startsWith("background-jobs-courier-");
	}

	@Test
	void listenersAndRecordersThatThrowBreakNothing() throws Exception {
		List<String> told = new CopyOnWriteArrayList<>();
		JobEngine awkward = this.bench.start((builder) -> builder.clock(this.clock)
			.listener(new ThrowingListener())
			.recorder(new ThrowingRecorder())
			.listener(new JobListener() {

				@Override
				public void ended(Job<?> job) {
					told.add(job.name() + " " + job.outcome());
				}

			})
			.exceptionHandler((job, failure) -> {
				throw new AssertionError("handler");
			}), PoolBench.pool(1).withPendingLimit(1).withOverflow(OverflowPolicy.REJECT));
		assertThat(awkward.<String>run("job", (job) -> "x")).isEqualTo("x");
		awkward.spawn("failing", (job) -> {
			throw new IllegalStateException("broken");
		});
		Eventually.holds(() -> told.size() == 2);
		PeriodicJobHandle handle = awkward.addPeriodic("tick", Duration.ofSeconds(1), () -> {
		});
		this.clock.advance(Duration.ZERO);
		Eventually.holds(() -> told.size() == 3 && awkward.jobs().isEmpty());
		this.clock.advance(Duration.ofSeconds(1));
		Eventually.holds(() -> told.size() == 4);
		assertThat(handle.ticks().get(TickResult.RAN)).isEqualTo(2);
		assertThat(told).containsExactly("job succeeded", "failing failed", "tick succeeded", "tick succeeded");
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> async = awkward.spawnAsync("async", (job) -> stage);
		stage.complete("late");
		assertThat(async.await()).isEqualTo("late");
		Eventually.holds(() -> PoolBench.look(awkward).active() == 0);
	}

	private record Recorder(Journal journal) implements JobRecorder {

		@Override
		public void started(Job<?> job, long waited) {
			this.journal
				.write("recorded start " + job.name() + " " + job.attempts() + " after " + Duration.ofNanos(waited));
		}

		@Override
		public void late(Job<?> job, long late) {
			this.journal.write("late " + job.name() + " " + Duration.ofNanos(late));
		}

		@Override
		public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
			this.journal.write("recorded end " + job.name() + " " + outcome + " "
					+ ((failure != null) ? failure.getClass().getSimpleName() : "none") + " "
					+ (job.state().isEnded() ? "ended" : "live"));
		}

		@Override
		public void ticked(String name, TickResult result, long count) {
			this.journal.write("ticked " + name + " " + result + " " + count);
		}

		@Override
		public void rejected(String pool, RejectionReason reason) {
			this.journal.write("rejected " + pool + " " + reason);
		}

	}

	private static final class ThrowingListener implements JobListener {

		@Override
		public void accepted(Job<?> job) {
			throw new IllegalStateException("accepted");
		}

		@Override
		public void started(Job<?> job) {
			throw new IllegalStateException("started");
		}

		@Override
		public void ended(Job<?> job) {
			throw new AssertionError("ended");
		}

	}

	private static final class ThrowingRecorder implements JobRecorder {

		@Override
		public void started(Job<?> job, long waited) {
			throw new IllegalStateException("started");
		}

		@Override
		public void late(Job<?> job, long late) {
			throw new IllegalStateException("late");
		}

		@Override
		public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
			throw new AssertionError("ended");
		}

		@Override
		public void ticked(String name, TickResult result, long count) {
			throw new IllegalStateException("ticked");
		}

	}

}
