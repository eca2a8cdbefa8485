package io.backgroundjobs.engine;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.RejectionReason;

/**
 * A thread that waits for room in a pool's queue. Resolved once, by whoever took it out
 * of the pool's list of blocked spawners.
 */
final class BlockedSpawner {

	final JobRun<?> run;

	final Entry entry;

	/** Whether a drain lets it wait on, because a running job spawns. */
	final boolean belongsToDrain;

	private final Thread thread = Thread.currentThread();

	/** Written before {@link #resolved}. */
	private @Nullable RejectionReason refusal;

	private volatile boolean resolved;

	BlockedSpawner(JobRun<?> run, Entry entry) {
		this.run = run;
		this.entry = entry;
		this.belongsToDrain = Admissions.belongsToDrain(run);
	}

	/**
	 * Let the thread go on.
	 * @param refusal why the run is rejected, or {@code null} if it was admitted
	 */
	void resolve(@Nullable RejectionReason refusal) {
		this.refusal = refusal;
		this.resolved = true;
		LockSupport.unpark(this.thread);
	}

	boolean isResolved() {
		return this.resolved;
	}

	@Nullable RejectionReason refusal() {
		return this.refusal;
	}

	/**
	 * Wait until resolved or interrupted.
	 * @return whether it is resolved; if not, the interrupt flag stays set
	 */
	boolean await() {
		while (!this.resolved) {
			if (Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.park(this);
		}
		return true;
	}

	/**
	 * Wait, interrupted or not, for somebody who is about to resolve it.
	 */
	void awaitResolved() {
		while (!this.resolved) {
			Thread.onSpinWait();
		}
	}

}
