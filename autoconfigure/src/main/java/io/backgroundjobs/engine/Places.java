package io.backgroundjobs.engine;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.PauseNote;

/**
 * The places of a pool: how many there are, who holds one, and who waits to get back the
 * one that it lent. Guarded by the pool's lock.
 */
final class Places {

	private final Workers workers;

	/** Threads that lent a place and wait for one; they go before the queue. */
	private final Deque<Reclaim> reclaims = new ArrayDeque<>();

	private int limit;

	private int held;

	/** What the user has said last. */
	private @Nullable PauseNote pauseNote;

	private boolean onHold;

	private boolean everResumed;

	/** When starting was resumed last; nanoseconds of the clock. */
	private long resumedAt;

	private boolean terminated;

	Places(int limit, Workers workers) {
		this.workers = workers;
		limit(limit);
	}

	void limit(int newLimit) {
		this.limit = newLimit;
		this.workers.limit(newLimit);
	}

	int limit() {
		return this.limit;
	}

	boolean areAllHeld() {
		return this.held >= this.limit;
	}

	int held() {
		return this.held;
	}

	void paused(PauseNote note, long now) {
		boolean before = isPaused();
		this.pauseNote = note;
		resumed(before, now);
	}

	@Nullable PauseNote pauseNote() {
		return this.pauseNote;
	}

	void onHold(boolean value, long now) {
		boolean before = isPaused();
		this.onHold = value;
		resumed(before, now);
	}

	private void resumed(boolean before, long now) {
		if (before && !isPaused()) {
			this.everResumed = true;
			this.resumedAt = now;
		}
	}

	/**
	 * Return for how long starting has not been paused, in nanoseconds.
	 */
	long unpaused(long now) {
		if (isPaused()) {
			return 0;
		}
		return this.everResumed ? now - this.resumedAt : Long.MAX_VALUE;
	}

	/**
	 * Whether pending runs are held back.
	 */
	boolean isPaused() {
		return this.onHold || isPausedByUser();
	}

	boolean isPausedByUser() {
		return this.pauseNote != null && this.pauseNote.paused();
	}

	/**
	 * Return how many places may be given to runs now.
	 */
	int free() {
		return (this.reclaims.isEmpty() && !isPaused()) ? Math.max(0, this.limit - this.held) : 0;
	}

	void take(JobRun<?> run) {
		run.holds = RunState.PLACE;
		this.held++;
	}

	/**
	 * Give back the place of a run, if it has one.
	 * @return whether it had
	 */
	boolean giveBack(JobRun<?> run) {
		if (run.holds != RunState.PLACE) {
			return false;
		}
		run.holds = RunState.NOTHING;
		this.held--;
		return true;
	}

	/**
	 * Lend what the calling thread holds while it waits: its run's place, if it has one,
	 * and in any case its own share of the pool's threads.
	 * @return whether a place was lent
	 */
	boolean lend(JobRun<?> run) {
		this.workers.lent(1);
		return giveBack(run);
	}

	/**
	 * Take back what was lent, as soon as there is a place if one was lent.
	 */
	void reclaim(Reclaim reclaim, boolean place) {
		if (place && !this.terminated) {
			this.reclaims.add(reclaim);
		}
		else {
			grant(reclaim);
		}
	}

	/**
	 * Give free places to those who lent theirs.
	 */
	void settle() {
		while (this.held < this.limit && !this.reclaims.isEmpty()) {
			Reclaim reclaim = this.reclaims.remove();
			take(reclaim.run);
			grant(reclaim);
		}
	}

	void open() {
		this.terminated = false;
	}

	/**
	 * Let threads that wait for their place go on without one: nothing starts any more
	 * that a place could protect.
	 */
	void terminate() {
		this.terminated = true;
		this.reclaims.forEach(this::grant);
		this.reclaims.clear();
	}

	private void grant(Reclaim reclaim) {
		this.workers.lent(-1);
		reclaim.grant();
	}

}
