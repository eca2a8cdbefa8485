package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.RejectionReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of jobs that run on their callers' threads because the pool is full.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CallerRunsTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private JobEngine engine;

	@BeforeEach
	void fill() throws InterruptedException {
		this.engine = this.bench.start(PoolBench.pool(1).withPendingLimit(0).withOverflow(OverflowPolicy.CALLER_RUNS));
		this.engine.spawn("filler", PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
	}

	@Test
	void whenThereIsNoRoomThenTheCallerRunsIt() throws Exception {
		Job<Thread> job = this.engine.spawn("here", Thread::currentThread);
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(job.await()).isSameAs(Thread.currentThread());
		assertThat(JobContext.find()).isEmpty();
	}

	@Test
	void whenThereIsRoomThenAWorkerRunsIt() throws Exception {
		this.gate.open(1);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		assertThat(this.engine.spawn("there", Thread::currentThread).await()).isNotSameAs(Thread.currentThread());
	}

	@Test
	void itHoldsNoPlaceAndIsCounted() throws Exception {
		Gate own = this.bench.gate();
		FutureTask<Job<String>> caller = new FutureTask<>(() -> this.engine.spawn("here", PoolBench.through(own)));
		new Thread(caller, "caller").start();
		own.awaitEntered(1);
		assertThat(PoolBench.look(this.engine).callerRuns()).isOne();
		assertThat(PoolBench.look(this.engine).active()).isOne();
		assertThat(this.engine.jobs()).hasSize(2);
		own.open(1);
		assertThat(caller.get().await()).isEqualTo("passed");
		assertThat(PoolBench.look(this.engine).callerRuns()).isZero();
		assertThat(PoolBench.look(this.engine).active()).isOne();
	}

	@Test
	void itCanBeCancelledAndTheCallersThreadIsNotLeftInterrupted() throws Exception {
		Gate own = this.bench.gate();
		boolean[] interrupted = { true };
		FutureTask<Job<?>> caller = new FutureTask<>(() -> {
			Job<?> job = this.engine.spawn("here", PoolBench.through(own));
			interrupted[0] = Thread.currentThread().isInterrupted();
			return job;
		});
		new Thread(caller, "caller").start();
		own.awaitEntered(1);
		Job<?> running = this.engine.jobs().stream().filter((job) -> job.name().equals("here")).findAny().orElseThrow();
		assertThat(running.cancel()).isTrue();
		assertThat(caller.get().state()).isEqualTo(JobState.CANCELLED);
		assertThat(interrupted[0]).isFalse();
		assertThat(PoolBench.look(this.engine).callerRuns()).isZero();
	}

	@Test
	void whatItThrowsIsNotThrownAtItsCaller() {
		Job<?> job = this.engine.spawn("here", () -> {
			throw new IllegalStateException("broken");
		});
		assertThat(job.failure()).hasMessage("broken");
	}

	@Test
	void delayedJobIsRejectedInsteadOfRunHereAndNow() {
		assertThatExceptionOfType(JobRejectedException.class)
			.isThrownBy(() -> this.engine.spawn(JobOptions.named("later").delay(Duration.ofSeconds(1)), () -> 1))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.FULL));
	}

	@Test
	void afterCloseItIsRejected() throws Exception {
		FutureTask<Object> stop = new FutureTask<>(this.engine::stop);
		new Thread(stop, "stops").start();
		Eventually.holds(() -> !this.engine.isRunning());
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn("here", () -> 1))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
		this.gate.open(1);
		stop.get();
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn("here", () -> 1))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.SHUTTING_DOWN));
	}

}
