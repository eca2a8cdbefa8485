package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of jobs that wait for their spawner's transaction.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AfterCommitTests {

	private static final JobOptions AFTER_COMMIT = JobOptions.named("job").afterCommit();

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Transaction transaction = new Transaction();

	private final LocalJobEngine engine = (LocalJobEngine) this.bench.start(
			(builder) -> builder.clock(this.clock).commitHook(this.transaction),
			PoolBench.pool(1).withPendingLimit(1).withOverflow(OverflowPolicy.REJECT));

	private final Gate gate = this.bench.gate();

	@Test
	void jobIsHandedOverAtTheCommit() throws Exception {
		Job<String> job = this.engine.spawn(AFTER_COMMIT, () -> "done");
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		assertThat(PoolBench.look(this.engine).active()).isZero();
		this.transaction.commit();
		assertThat(job.await()).isEqualTo("done");
	}

	@Test
	void rollbackCancelsTheJobAndFreesItsRoom() throws Exception {
		Job<String> job = this.engine.spawn(AFTER_COMMIT, () -> "done");
		this.transaction.rollback();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
		assertThat(job.cancelReason()).contains("rolled back");
		assertThat(PoolBench.look(this.engine).pending()).isZero();
		this.engine.spawn("next", () -> "next").await();
	}

	@Test
	void withoutATransactionItIsHandedOverAtOnce() throws Exception {
		this.transaction.active = false;
		assertThat(this.engine.spawn(AFTER_COMMIT, () -> "done").await()).isEqualTo("done");
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> {
			this.engine.spawn(AFTER_COMMIT.key("k", OnDuplicate.REJECT), PoolBench.through(this.gate));
			this.engine.spawn(AFTER_COMMIT.key("k", OnDuplicate.REJECT), () -> "duplicate");
		}).satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.DUPLICATE));
		this.gate.open(1);
	}

	@Test
	void roomIsReservedAtTheSpawnWhereARejectionSurfaces() throws Exception {
		Job<String> running = this.engine.spawn("running", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> reserved = this.engine.spawn(AFTER_COMMIT, () -> "reserved");
		assertThatExceptionOfType(JobRejectedException.class)
			.isThrownBy(() -> this.engine.spawn(AFTER_COMMIT, () -> "x"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.FULL));
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn("other", () -> "x"));
		assertThat(this.transaction.registered()).isOne();
		this.transaction.commit();
		this.gate.open(1);
		assertThat(reserved.await()).isEqualTo("reserved");
		assertThat(running.await()).isEqualTo("passed");
	}

	@Test
	void keyCountsAtTheCommit() throws Exception {
		this.engine.resizePool("default", 4);
		JobOptions keyed = AFTER_COMMIT.key("k", OnDuplicate.REJECT);
		Job<String> first = this.engine.spawn(keyed, PoolBench.through(this.gate));
		Job<String> second = this.engine.spawn(keyed, () -> "second");
		assertThat(this.engine.heldKeys()).isZero();
		this.transaction.commit();
		this.gate.awaitEntered(1);
		assertThat(second.state()).isEqualTo(JobState.CANCELLED);
		assertThat(second.cancelReason()).contains("duplicate of " + first.id());
		this.gate.open(1);
		assertThat(first.await()).isEqualTo("passed");
		assertThat(this.engine.heldKeys()).isZero();
	}

	@Test
	void jobCancelledBeforeTheCommitHoldsNoKeyAfterIt() throws Exception {
		JobOptions keyed = AFTER_COMMIT.key("k", OnDuplicate.REJECT);
		Job<String> job = this.engine.spawn(keyed, () -> "first");
		assertThat(job.cancel()).isTrue();
		this.transaction.commit();
		assertThat(this.engine.heldKeys()).isZero();
		assertThat(job.attempts()).isZero();
	}

	@Test
	void jobCancelledBeforeTheCommitTakesNobodysPlaceAtIt() throws Exception {
		this.engine.resizePool("default", 4);
		JobOptions keyed = JobOptions.named("job").key("k", OnDuplicate.REPLACE_PENDING);
		Job<String> cancelled = this.engine.spawn(keyed.afterCommit(), () -> "cancelled");
		Job<String> delayed = this.engine.spawn(keyed.delay(Duration.ofSeconds(1)), () -> "delayed");
		assertThat(cancelled.cancel()).isTrue();
		this.transaction.commit();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(delayed.await()).isEqualTo("delayed");
	}

	@Test
	void delayBeginsAtTheCommit() throws Exception {
		Job<String> job = this.engine.spawn(AFTER_COMMIT.delay(Duration.ofSeconds(2)), () -> "done");
		this.clock.advance(Duration.ofSeconds(10));
		this.transaction.commit();
		this.clock.advance(Duration.ofMillis(1999));
		assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(job.await()).isEqualTo("done");
	}

	@Test
	void registrationThatFailsLeavesNoReservation() {
		this.transaction.failure = new IllegalStateException("no registration");
		assertThatIllegalStateException().isThrownBy(() -> this.engine.spawn(AFTER_COMMIT, () -> "x"));
		assertThat(PoolBench.look(this.engine).pending()).isZero();
		assertThat(this.engine.jobs()).isEmpty();
	}

	@Test
	void whoSawAJobWhoseRegistrationFailedCanDealWithIt() {
		List<Job<?>> seen = new ArrayList<>();
		this.transaction.registering = () -> seen.addAll(this.engine.jobs());
		this.transaction.failure = new IllegalStateException("no registration");
		assertThatIllegalStateException().isThrownBy(() -> this.engine.spawn(AFTER_COMMIT, () -> "x"));
		assertThat(seen).singleElement().satisfies((job) -> {
			assertThat(job.state()).isEqualTo(JobState.CANCELLED);
			assertThat(job.cancel()).isFalse();
		});
		assertThat(this.engine.history()).isEmpty();
	}

	@Test
	void drainDoesNotWaitForAJobWhoseRegistrationFails() throws Exception {
		AtomicReference<Thread> stopper = new AtomicReference<>();
		this.transaction.registering = () -> {
			stopper.set(new Thread(this.engine::stop));
			stopper.get().start();
			while (stopper.get().getState() != Thread.State.TIMED_WAITING) {
				Thread.yield();
			}
		};
		this.transaction.failure = new IllegalStateException("no registration");
		assertThatIllegalStateException().isThrownBy(() -> this.engine.spawn(AFTER_COMMIT, () -> "x"));
		stopper.get().join();
		assertThat(this.engine.isRunning()).isFalse();
	}

	@Test
	void drainWaitsForTheTransaction() throws Exception {
		Job<String> job = this.engine.spawn(AFTER_COMMIT, () -> "done");
		Thread stopper = new Thread(this.engine::stop);
		stopper.start();
		Eventually.waits(stopper);
		this.transaction.commit();
		stopper.join();
		assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
	}

	@Test
	void jobWhoseTransactionOutlivesTheDrainIsDroppedAndNamed() {
		JobEngine impatient = this.bench.start((builder) -> builder.commitHook(this.transaction)
			.shutdown(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ZERO), PoolBench.pool(1));
		Job<String> job = impatient.spawn(AFTER_COMMIT, () -> "done");
		ShutdownReport report = impatient.stop();
		assertThat(report.jobs(Fate.DROPPED)).extracting(ShutdownReport.Entry::id).containsExactly(job.id());
		this.transaction.commit();
		assertThat(job.state()).isEqualTo(JobState.CANCELLED);
	}

	/**
	 * A transaction whose end a test decides.
	 */
	private static final class Transaction implements CommitHook {

		private final List<Runnable> onCommit = new ArrayList<>();

		private final List<Runnable> onRollback = new ArrayList<>();

		private boolean active = true;

		private Runnable registering = () -> {
		};

		private RuntimeException failure;

		@Override
		public boolean register(Runnable commit, Runnable rollback) {
			this.registering.run();
			if (this.failure != null) {
				throw this.failure;
			}
			if (this.active) {
				this.onCommit.add(commit);
				this.onRollback.add(rollback);
			}
			return this.active;
		}

		int registered() {
			return this.onCommit.size();
		}

		void commit() {
			this.onCommit.forEach(Runnable::run);
		}

		void rollback() {
			this.onRollback.forEach(Runnable::run);
		}

	}

}
