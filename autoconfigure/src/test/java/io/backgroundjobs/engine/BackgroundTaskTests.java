package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.BackgroundTask;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests of loops that run until they are closed.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class BackgroundTaskTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine((builder) -> builder.exceptionHandler((job, failure) -> {
	}).shutdown(Duration.ofHours(1), Duration.ofHours(1), Duration.ofMillis(100)));

	private final JobEngine engine = this.time.engine();

	private final Gate gate = new Gate();

	@AfterEach
	void stop() {
		this.gate.open(1000);
		this.engine.stop();
	}

	@Test
	void loopIsAJobThatHoldsAPlace() throws Exception {
		BackgroundTask task = start("loop");
		assertThat(task.name()).isEqualTo("loop");
		assertThat(task.isRunning()).isTrue();
		Job<?> job = task.job();
		assertThat(job.kind()).isEqualTo(JobKind.BACKGROUND);
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		assertThat(this.engine.jobs()).containsExactly(job);
		assertThat(this.engine.pools()).allMatch((pool) -> pool.active() == 1);
		assertThat(task).hasToString("BackgroundTask[loop, running]");
	}

	@Test
	void returningEndsTheTask() throws Exception {
		BackgroundTask task = start("loop");
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(task.isRunning()).isFalse();
		assertThat(task.job().state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(task.close(SECOND)).isTrue();
		task.close();
		assertThat(task.job().state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void closeCancelsAndWaitsForTheBodyToLeave() throws Exception {
		CountDownLatch cleanedUp = new CountDownLatch(1);
		this.engine.start();
		BackgroundTask task = this.engine.background("loop", (job) -> {
			try {
				this.gate.pass();
			}
			catch (InterruptedException ex) {
				assertThat(job.isStopping()).isTrue();
				cleanedUp.countDown();
			}
		});
		this.gate.awaitEntered(1);
		assertThat(task.close(Duration.ofSeconds(10))).isTrue();
		assertThat(cleanedUp.getCount()).isZero();
		assertThat(task.isRunning()).isFalse();
		assertThat(task.job().state()).isEqualTo(JobState.CANCELLED);
		assertThat(task.job().cancelReason()).isEqualTo("closed");
		task.close();
	}

	@Test
	void closeWaitsNoLongerThanItsBound() throws Exception {
		this.engine.start();
		BackgroundTask task = this.engine.background("loop", (job) -> this.gate.passUninterrupted());
		this.gate.awaitEntered(1);
		assertThat(task.close(Duration.ofMillis(50))).isFalse();
		task.close();
		assertThat(task.isRunning()).isFalse();
		assertThat(this.engine.pools()).allMatch((pool) -> pool.overrunning() == 1);
		this.gate.open(1);
		assertThat(task.close(Duration.ofSeconds(10))).isTrue();
	}

	@Test
	void closeByAThreadThatIsInterruptedKeepsTheFlag() throws Exception {
		this.engine.start();
		BackgroundTask task = this.engine.background("loop", (job) -> this.gate.passUninterrupted());
		this.gate.awaitEntered(1);
		Thread.currentThread().interrupt();
		assertThat(task.close(Duration.ofSeconds(10))).isFalse();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void closeFromInsideTheLoopDoesNotWait() throws Exception {
		CompletableFuture<BackgroundTask> self = new CompletableFuture<>();
		CompletableFuture<Boolean> closed = new CompletableFuture<>();
		CompletableFuture<Boolean> closedDeeper = new CompletableFuture<>();
		this.engine.start();
		BackgroundTask task = this.engine.background("loop", (job) -> {
			BackgroundTask own = self.get();
			// Shielded, since the interrupt of the cancel would end the wait.
			closedDeeper.complete(job.shield(
					() -> this.engine.runHere(JobOptions.named("deeper"), (deeper) -> own.close(Duration.ofDays(1)))));
			closed.complete(own.close(Duration.ofDays(1)));
		});
		self.complete(task);
		assertThat(closedDeeper.get()).isFalse();
		assertThat(closed.get()).isFalse();
		this.time.awaitIdle();
		assertThat(task.job().state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void loopThatFailsStartsAgainAfterTheBackOffOfItsPolicy() throws Exception {
		AtomicInteger starts = new AtomicInteger();
		this.engine.start();
		RetryPolicy policy = RetryPolicy.builder().maxRetries(100).delay(SECOND).multiplier(2).build();
		BackgroundTask task = this.engine.background(JobOptions.named("loop").retry(policy), (job) -> {
			if (starts.incrementAndGet() < 4) {
				throw new IllegalStateException("lost connection");
			}
			this.gate.pass();
		});
		for (int delay = 1; delay <= 4; delay *= 2) {
			Eventually.holds(() -> task.job().state() == JobState.SCHEDULED && this.time.clock().timers() == 1);
			assertThat(task.isRunning()).isTrue();
			assertThat(this.time.clock().toNextTimer()).isEqualTo(SECOND.multipliedBy(delay));
			this.time.clock().advance(SECOND.multipliedBy(delay));
		}
		this.gate.awaitEntered(1);
		assertThat(task.job().attempts()).isEqualTo(4);
		assertThat(task.close(Duration.ofSeconds(10))).isTrue();
	}

	@Test
	void loopThatWaitsForItsNextStartIsClosedAtOnce() throws Exception {
		this.engine.start();
		RetryPolicy policy = RetryPolicy.builder().delay(SECOND).build();
		BackgroundTask task = this.engine.background(JobOptions.named("loop").retry(policy), (job) -> {
			throw new IllegalStateException("lost connection");
		});
		Eventually.holds(() -> task.job().state() == JobState.SCHEDULED && this.time.clock().timers() == 1);
		assertThat(task.close(Duration.ZERO)).isTrue();
		assertThat(task.job().state()).isEqualTo(JobState.CANCELLED);
		assertThat(this.time.clock().timers()).isZero();
	}

	@Test
	void loopWithoutAPolicyEndsWithItsFailure() throws Exception {
		this.engine.start();
		BackgroundTask task = this.engine.background("loop", (job) -> {
			throw new IllegalStateException("lost connection");
		});
		this.time.awaitIdle();
		assertThat(task.isRunning()).isFalse();
		assertThat(task.job().failure()).hasMessage("lost connection");
	}

	@Test
	void tasksMayHaveTheSameName() throws Exception {
		BackgroundTask first = start("loop");
		BackgroundTask second = start("loop");
		assertThat(first.close(Duration.ofSeconds(10))).isTrue();
		assertThat(second.isRunning()).isTrue();
		assertThat(this.engine.jobs()).hasSize(1);
	}

	@Test
	void loopsThatNeverEndAreClosedByTheDrainWhenOnlyTheyAreLeft() throws Exception {
		BackgroundTask task = start("loop");
		Gate other = new Gate();
		Job<?> job = this.engine.spawn("job", ClockedEngine.at(other));
		other.awaitEntered(1);
		CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
		Thread stopper = new Thread(() -> report.complete(this.engine.stop()));
		stopper.start();
		Eventually.waits(stopper);
		assertThat(task.job().state()).isEqualTo(JobState.RUNNING);
		other.open(1);
		assertThat(report.get().jobs()).extracting(ShutdownReport.Entry::fate)
			.containsExactly(Fate.CANCELLED, Fate.FINISHED);
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(task.isRunning()).isFalse();
		assertThat(task.job().cancelReason()).isEqualTo("shutdown");
	}

	@Test
	void loopSeesThatTheSchedulerStops() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		this.engine.start();
		BackgroundTask task = this.engine.background("loop", (job) -> {
			entered.countDown();
			while (!job.isStopping()) {
				Thread.onSpinWait();
			}
		});
		entered.await();
		this.engine.stop();
		assertThat(task.isRunning()).isFalse();
	}

	@Test
	void stopFromInsideALoopDoesNotWaitForIt() throws Exception {
		CompletableFuture<ShutdownReport> report = new CompletableFuture<>();
		this.engine.start();
		BackgroundTask other = start("other");
		this.engine.background("loop", (job) -> report.complete(this.engine.stop()));
		assertThat(report.get().jobs()).extracting(ShutdownReport.Entry::name, ShutdownReport.Entry::fate)
			.containsExactly(tuple("other", Fate.CANCELLED), tuple("loop", Fate.CALLER));
		assertThat(other.isRunning()).isFalse();
	}

	@Test
	void taskThatIsNotAcceptedIsNotKnown() throws Exception {
		assertThatExceptionOfType(JobRejectedException.class)
			.isThrownBy(() -> this.engine.background("loop", (job) -> this.gate.pass()));
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> this.engine
			.background(JobOptions.named("loop").key("key", OnDuplicate.REJECT), (job) -> this.gate.pass()));
		this.engine.start();
		assertThat(this.engine.stop().jobs()).isEmpty();
	}

	@Test
	void loopNeverRunsOnItsCallersThread() throws Exception {
		JobEngine full = new JobEngineBuilder()
			.pool(PoolSpec.named("default").withLimit(1).withPendingLimit(0).withOverflow(OverflowPolicy.CALLER_RUNS))
			.build();
		try (full) {
			full.start();
			full.background("loop", (job) -> this.gate.pass());
			this.gate.awaitEntered(1);
			assertThatExceptionOfType(JobRejectedException.class)
				.isThrownBy(() -> full.background("second", (job) -> Thread.currentThread().setName("never here")))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.FULL));
			this.gate.open(1);
		}
	}

	private BackgroundTask start(String name) throws InterruptedException {
		this.engine.start();
		BackgroundTask task = this.engine.background(name, (job) -> this.gate.pass());
		this.gate.awaitEntered(1);
		return task;
	}

}
