package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the plain way of a spawn.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class SpawnTests {

	private final JobEngine engine = new JobEngineBuilder().pool(PoolSpec.named("default").withLimit(2)).build();

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void jobReturnsWhatItsBodyReturns() throws Exception {
		this.engine.start();
		Job<String> job = this.engine.spawn("greet", () -> "hello");
		assertThat(job.await()).isEqualTo("hello");
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(job.attempts()).isOne();
		assertThat(job.toFuture().join()).isEqualTo("hello");
		assertThat(this.engine.find(job.id())).containsSame(job);
		assertThat(this.engine.pools().iterator().next().active()).isZero();
	}

	@Test
	void bodyThatCouldBeCalledInTwoWaysIsCalledAsItWasHandedOver() throws Exception {
		this.engine.start();
		Both both = new Both();
		assertThat(this.engine.spawn("value", (Callable<String>) both).await()).isEqualTo("called");
		assertThat(this.engine.spawn("value", (JobBody<String>) both).await()).isEqualTo("ran");
		assertThat(this.engine.spawn("nothing", (Runnable) both).await()).isNull();
		assertThat(this.engine.run(JobOptions.named("value"), both)).isEqualTo("ran");
	}

	@Test
	void failureReachesTheWaiterAsCause() {
		this.engine.start();
		Job<?> job = this.engine.spawn("fail", () -> {
			throw new IllegalArgumentException("broken");
		});
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(job::await)
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void manyJobsAllRun() throws Exception {
		this.engine.start();
		int count = 10_000;
		AtomicInteger ran = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(count);
		for (int i = 0; i < count; i++) {
			this.engine.spawn("count", () -> {
				ran.incrementAndGet();
				done.countDown();
			});
		}
		done.await();
		assertThat(ran).hasValue(count);
	}

	@Test
	void jobMayAwaitAnotherOneOfItsOwnPool() throws Exception {
		JobEngine one = new JobEngineBuilder().pool(PoolSpec.named("default").withLimit(1)).build();
		one.start();
		int sum = one.run("outer", (outer) -> one.run("inner", (inner) -> one.run("innermost", (job) -> 1) + 1) + 1);
		assertThat(sum).isEqualTo(3);
		one.stop();
	}

	@Test
	void stageHoldsItsPlaceUntilItCompletes() throws Exception {
		this.engine.start();
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> job = this.engine.spawnAsync("async", (context) -> stage);
		stage.complete("late");
		assertThat(job.await()).isEqualTo("late");
	}

	@Test
	void periodicJobTicks() throws Exception {
		ManualClock clock = new ManualClock();
		JobEngine manual = new JobEngineBuilder().clock(clock).build();
		AtomicInteger ran = new AtomicInteger();
		PeriodicJobHandle handle = manual.addPeriodic("tick", Duration.ofSeconds(1), () -> ran.incrementAndGet());
		manual.start();
		for (int i = 1; i <= 6; i++) {
			clock.advance((i == 1) ? Duration.ZERO : Duration.ofSeconds(1));
			while (!manual.jobs().isEmpty()) {
				Thread.onSpinWait();
			}
			assertThat(ran).hasValue(i);
		}
		manual.stop();
		assertThat(handle.ticks()).containsEntry(TickResult.RAN, 6L);
	}

	@Test
	void delayedJobRunsLater() throws Exception {
		this.engine.start();
		Job<?> job = this.engine.spawn(JobOptions.named("later").delay(Duration.ofMillis(50)), () -> "x");
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		job.await();
	}

	private static final class Both implements Runnable, Callable<String>, JobBody<String> {

		@Override
		public void run() {
		}

		@Override
		public String call() {
			return "called";
		}

		@Override
		public String run(JobContext context) {
			return "ran";
		}

	}

}
