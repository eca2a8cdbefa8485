package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of work that must not be interrupted half-way.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ShieldTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final JobEngine engine = this.bench
		.start((builder) -> builder.clock(this.clock).exceptionHandler((job, failure) -> {
		}), PoolBench.pool(1));

	private final Gate gate = this.bench.gate();

	private final AtomicBoolean interrupted = new AtomicBoolean();

	/**
	 * A body whose region stops at the gate and which tells whether it was interrupted
	 * there.
	 */
	private JobBody<String> region() {
		return (job) -> {
			job.shield(() -> {
				this.interrupted.set(this.gate.passUninterrupted());
				return "region";
			});
			return "whole";
		};
	}

	@Test
	void shieldedWorkIsNotCarriedOutByACallerWhoMayBeInterrupted() throws Exception {
		JobEngine callerRuns = this.bench
			.start(PoolBench.pool(1).withPendingLimit(0).withOverflow(OverflowPolicy.CALLER_RUNS));
		callerRuns.spawn("occupant", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		CompletableFuture<Thread> carriedOutBy = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				callerRuns.shield("shielded", () -> carriedOutBy.complete(Thread.currentThread()));
			}
			catch (Throwable ex) {
				carriedOutBy.completeExceptionally(ex);
			}
		});
		caller.start();
		Eventually.holds(() -> carriedOutBy.isDone() || caller.getState() == Thread.State.WAITING);
		this.gate.open(1);
		assertThat(carriedOutBy.get().getName()).startsWith("job-default-");
		caller.join();
	}

	@Test
	void shieldedJobCannotBeCancelledInAnyState() throws Exception {
		JobOptions shielded = JobOptions.named("job").shielded();
		Job<String> running = this.engine.spawn(shielded, PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> pending = this.engine.spawn(shielded, () -> "pending");
		Job<String> delayed = this.engine.spawn(shielded.delay(Duration.ofSeconds(1)), () -> "delayed");
		assertThat(running.cancel()).isFalse();
		assertThat(pending.cancel()).isFalse();
		assertThat(delayed.cancel()).isFalse();
		assertThat(this.engine.cancelAll("default")).isZero();
		assertThat(running.state()).isEqualTo(JobState.RUNNING);
		assertThat(pending.state()).isEqualTo(JobState.PENDING);
		assertThat(delayed.state()).isEqualTo(JobState.SCHEDULED);
		this.gate.open(1);
		assertThat(running.await()).isEqualTo("passed");
		assertThat(pending.await()).isEqualTo("pending");
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(delayed.await()).isEqualTo("delayed");
		assertThat(running.cancel()).isFalse();
	}

	@Test
	void shieldedJobStillTimesOut() throws Exception {
		Job<String> job = this.engine.spawn(JobOptions.named("job").shielded().timeout(Duration.ofSeconds(1)),
				PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(job.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
	}

	@Test
	void cancelRunningDegradesToQueueOneForAShieldedJob() throws Exception {
		PeriodicJobHandle handle = this.engine.addPeriodic(PeriodicJobSpec.named("tick")
			.every(Duration.ofSeconds(10))
			.overlap(OverlapPolicy.CANCEL_RUNNING)
			.shielded(), PoolBench.through(this.gate));
		this.clock.advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		Job<?> first = handle.lastRun();
		this.clock.advance(Duration.ofSeconds(10));
		Eventually.holds(() -> PoolBench.look(this.engine).pending() == 1);
		assertThat(first).isNotNull();
		assertThat(first.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(first.state()).isEqualTo(JobState.SUCCEEDED);
		this.gate.open(1);
	}

	@Test
	void regionDefersACancelToItsEnd() throws Exception {
		Job<String> job = this.engine.spawn("job", region());
		this.gate.awaitEntered(1);
		assertThat(job.cancel()).isTrue();
		assertThat(job.cancel()).isFalse();
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		Eventually.holds(() -> job.state().isEnded());
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(this.interrupted).isFalse();
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
	}

	@Test
	void regionDefersATimeoutToItsEnd() throws Exception {
		Job<String> job = this.engine.spawn(JobOptions.named("job").timeout(Duration.ofSeconds(1)), region());
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		Eventually.holds(() -> job.state().isEnded());
		assertThat(job.outcome()).isEqualTo(JobOutcome.TIMED_OUT);
		assertThat(this.interrupted).isFalse();
	}

	@Test
	void nestedRegionDefersToTheEndOfTheOuterOne() throws Exception {
		Job<String> job = this.engine.spawn("job", (context) -> context.shield(() -> {
			context.shield(() -> "inner");
			this.interrupted.set(this.gate.passUninterrupted());
			return "outer";
		}));
		this.gate.awaitEntered(1);
		job.cancel();
		assertThat(job.state()).isEqualTo(JobState.RUNNING);
		this.gate.open(1);
		Eventually.holds(() -> job.state().isEnded());
		assertThat(this.interrupted).isFalse();
	}

	@Test
	void regionSeesThatItShouldStop() throws Exception {
		AtomicReference<JobContext> context = new AtomicReference<>();
		Job<String> job = this.engine.spawn("job", (current) -> {
			context.set(current);
			return current.shield(() -> {
				this.gate.passUninterrupted();
				return "region";
			});
		});
		this.gate.awaitEntered(1);
		assertThat(context.get().isStopping()).isFalse();
		job.cancel();
		assertThat(context.get().isStopping()).isTrue();
		this.gate.open(1);
	}

	@Test
	void interruptThatCameBeforeTheRegionWaitsForItsEnd() throws Exception {
		AtomicBoolean inside = new AtomicBoolean();
		AtomicBoolean after = new AtomicBoolean();
		this.engine.run("job", (context) -> {
			Thread.currentThread().interrupt();
			context.shield(() -> {
				inside.set(Thread.currentThread().isInterrupted());
				return "region";
			});
			after.set(Thread.interrupted());
			return "whole";
		});
		assertThat(inside).isFalse();
		assertThat(after).isTrue();
	}

	@Test
	void regionThatThrowsActsUponTheNoteAllTheSame() throws Exception {
		Job<String> job = this.engine.spawn("job", (context) -> context.shield(() -> {
			this.gate.passUninterrupted();
			throw new IllegalStateException("broken");
		}));
		this.gate.awaitEntered(1);
		job.cancel();
		this.gate.open(1);
		Eventually.holds(() -> job.state().isEnded());
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
	}

	@Test
	void regionOnAnotherThreadIsRefused() throws Exception {
		AtomicReference<Throwable> refused = new AtomicReference<>();
		this.engine.run("job", (context) -> {
			Thread other = new Thread(() -> {
				try {
					context.shield(() -> "never");
				}
				catch (Exception ex) {
					refused.set(ex);
				}
			});
			other.start();
			other.join();
			return "whole";
		});
		assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void callerOfShieldMayBeInterruptedAndTheWorkIsNot() throws Exception {
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		Thread caller = new Thread(() -> {
			try {
				this.engine.shield("work", () -> {
					this.interrupted.set(this.gate.passUninterrupted());
					return "done";
				});
			}
			catch (InterruptedException ex) {
				thrown.set(ex);
			}
		});
		caller.start();
		this.gate.awaitEntered(1);
		Job<?> work = this.engine.jobs().iterator().next();
		caller.interrupt();
		caller.join();
		assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
		assertThat(work.cancel()).isFalse();
		this.gate.open(1);
		assertThat(work.await()).isEqualTo("done");
		assertThat(this.interrupted).isFalse();
	}

	@Test
	void shieldReturnsAndThrowsWhatTheWorkDoes() throws Exception {
		String value = this.engine.shield("work", () -> "done");
		assertThat(value).isEqualTo("done");
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> this.engine.shield("work", () -> {
			throw new java.io.IOException("broken");
		})).withCauseInstanceOf(java.io.IOException.class);
	}

}
