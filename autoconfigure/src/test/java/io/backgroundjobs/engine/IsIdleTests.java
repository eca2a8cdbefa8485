package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.BackgroundTask;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobEngine#isIdle()}.
 */
class IsIdleTests {

	private final AtomicReference<Runnable> onEnd = new AtomicReference<>(() -> {
	});

	private final JobEngine engine = new JobEngineBuilder().listener(new JobListener() {

		@Override
		public void ended(Job<?> job) {
			IsIdleTests.this.onEnd.get().run();
		}

	}).shutdown(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)).build();

	private final CountDownLatch inside = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	IsIdleTests() {
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.release.countDown();
		this.engine.stop();
	}

	@Test
	void freshEngineIsIdle() {
		assertThat(this.engine.isIdle()).isTrue();
	}

	@Test
	void runningJobIsWork() throws Exception {
		this.engine.spawn("job", this::stay);
		this.inside.await();
		assertThat(this.engine.isIdle()).isFalse();
		this.release.countDown();
		awaitIdle();
	}

	@Test
	void pendingJobIsWorkUnlessItIsHeldBack() {
		this.engine.pausePool("default");
		this.engine.spawn("job", () -> 1);
		assertThat(this.engine.isIdle()).isTrue();
		this.engine.resumePool("default");
		awaitIdle();
		assertThat(this.engine.jobs()).isEmpty();
	}

	@Test
	void delayedJobIsNoWork() {
		this.engine.spawn(JobOptions.named("job").delay(Duration.ofDays(1)), () -> 1);
		assertThat(this.engine.isIdle()).isTrue();
	}

	@Test
	void backgroundLoopIsNoWork() throws Exception {
		try (BackgroundTask task = this.engine.background("loop", (job) -> stay())) {
			this.inside.await();
			awaitIdle();
			assertThat(task.isRunning()).isTrue();
		}
	}

	@Test
	void bodyThatIgnoresItsInterruptIsNoWorkOnceItsJobHasEnded() throws Exception {
		Job<?> job = this.engine.spawn("stubborn", this::stayStubbornly);
		this.inside.await();
		assertThat(this.engine.isIdle()).isFalse();
		job.cancel();
		awaitIdle();
		assertThat(this.engine.pools()).anyMatch((pool) -> pool.overrunning() == 1);
	}

	@Test
	void asynchronousJobIsWorkUntilItsStageCompletes() throws Exception {
		CompletableFuture<Integer> stage = new CompletableFuture<>();
		Job<Integer> job = this.engine.spawnAsync("async", (context) -> {
			this.inside.countDown();
			return stage;
		});
		this.inside.await();
		assertThat(this.engine.isIdle()).isFalse();
		stage.complete(1);
		awaitIdle();
		assertThat(job.await()).isEqualTo(1);
	}

	@Test
	void listenerThatIsToldOfTheEndIsWork() throws Exception {
		this.onEnd.set(this::stayStubbornly);
		this.engine.spawn("job", () -> 1).await();
		this.inside.await();
		assertThat(this.engine.jobs()).isEmpty();
		assertThat(this.engine.isIdle()).isFalse();
		this.release.countDown();
		awaitIdle();
	}

	@Test
	void listenerThatACourierTellsIsWork() throws Exception {
		this.onEnd.set(this::stayStubbornly);
		CompletableFuture<Integer> never = new CompletableFuture<>();
		this.engine.spawnAsync(JobOptions.named("job").timeout(Duration.ofMillis(1)), (context) -> never);
		this.inside.await();
		assertThat(this.engine.isIdle()).isFalse();
		this.release.countDown();
		never.complete(1);
		awaitIdle();
	}

	@Test
	void runOnAnExecutorOfTheApplicationIsWork() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			this.engine.addPeriodic(hourly().executor(executor), this::stay).trigger();
			this.inside.await();
			assertThat(this.engine.isIdle()).isFalse();
			this.release.countDown();
			awaitIdle();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void bodyOnItsCallersThreadIsWork() throws Exception {
		boolean idle = this.engine.<Boolean>runHere(JobOptions.named("here"), (job) -> this.engine.isIdle());
		assertThat(idle).isFalse();
		assertThat(this.engine.isIdle()).isTrue();
	}

	private static PeriodicJobSpec hourly() {
		return PeriodicJobSpec.named("job").every(Duration.ofHours(1)).initialDelay(Duration.ofHours(1));
	}

	private @Nullable Void stay() throws InterruptedException {
		this.inside.countDown();
		this.release.await();
		return null;
	}

	private void stayStubbornly() {
		this.inside.countDown();
		while (this.release.getCount() > 0) {
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				assertThat(ex).isNotNull();
			}
		}
	}

	private void awaitIdle() {
		long start = System.nanoTime();
		while (!this.engine.isIdle()) {
			assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(10).toNanos());
			Thread.onSpinWait();
		}
	}

}
