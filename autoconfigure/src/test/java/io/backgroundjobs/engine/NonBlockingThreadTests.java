package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.NonBlocking;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.RejectionReason;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of threads that must not block, such as Reactor's.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class NonBlockingThreadTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	@ParameterizedTest
	@EnumSource(names = { "BLOCK", "CALLER_RUNS" })
	void whenThePoolIsFullThenItRejectsInsteadOfBlockingOrRunningHere(OverflowPolicy policy) throws Exception {
		JobEngine engine = full(policy);
		assertThat(failure(() -> engine.spawn("any", () -> 1))).isInstanceOfSatisfying(JobRejectedException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.WOULD_BLOCK));
	}

	@Test
	void whenThePoolIsFullThenRejectRejectsAsAnywhere() throws Exception {
		JobEngine engine = full(OverflowPolicy.REJECT);
		assertThat(failure(() -> engine.spawn("any", () -> 1))).isInstanceOfSatisfying(JobRejectedException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.FULL));
	}

	@Test
	void whenThereIsRoomThenItMaySpawn() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		assertThat(onNonBlockingThread(() -> engine.spawn("any", () -> 1)).await()).isOne();
	}

	@Test
	void waitsAreRefused() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Job<String> job = engine.spawn("any", PoolBench.through(this.gate));
		assertThat(failure(() -> job.await())).isInstanceOf(IllegalStateException.class);
		assertThat(failure(() -> job.await(Duration.ofSeconds(1)))).isInstanceOf(IllegalStateException.class);
		assertThat(failure(() -> engine.run(JobOptions.named("run"), (context) -> 1)))
			.isInstanceOf(IllegalStateException.class);
		assertThat(failure(() -> engine.shield("shield", () -> 1))).isInstanceOf(IllegalStateException.class);
		assertThat(engine.jobs()).hasSize(1);
	}

	@Test
	void waitIsRefusedEvenIfItWouldBeShort() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Job<Integer> ended = engine.spawn("any", () -> 1);
		ended.await();
		assertThat(failure(() -> ended.await())).isInstanceOf(IllegalStateException.class);
		assertThat(failure(() -> ended.await(Duration.ofSeconds(1)))).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void workOnTheThreadItselfIsNoWait() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Integer value = onNonBlockingThread(() -> engine.runHere(JobOptions.named("here"), (job) -> 1));
		assertThat(value).isOne();
	}

	private JobEngine full(OverflowPolicy policy) throws InterruptedException {
		JobEngine engine = this.bench.start(PoolBench.pool(1).withPendingLimit(0).withOverflow(policy));
		engine.spawn("filler", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		return engine;
	}

	private static Throwable failure(Callable<?> call) throws Exception {
		try {
			throw new AssertionError("returned " + onNonBlockingThread(call));
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
	}

	private static <T> T onNonBlockingThread(Callable<T> call) throws Exception {
		FutureTask<T> task = new FutureTask<>(call);
		new NonBlockingThread(task).start();
		return task.get();
	}

	/**
	 * Such a thread.
	 */
	private static final class NonBlockingThread extends Thread implements NonBlocking {

		private NonBlockingThread(Runnable task) {
			super(task, "non-blocking");
		}

	}

}
