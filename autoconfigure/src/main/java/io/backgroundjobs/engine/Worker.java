package io.backgroundjobs.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContextHolder;

/**
 * A thread of a pool: carries out one run after the other, and ends when it has had
 * nothing to do for a while.
 */
final class Worker implements Runnable {

	/** A worker that gets from run to run so fast is as fast as the lock. */
	private static final long MOMENT_NANOS = 500;

	private final Workers workers;

	/** Set by the thread itself before it rests for the first time. */
	private volatile @Nullable Thread thread;

	/** Written under the pool's lock. */
	private volatile Stage stage = Stage.CALLED;

	/** Whether the end of a run is not shown yet that has left. Set under the lock. */
	private final AtomicBoolean settling = new AtomicBoolean();

	/** Whether the context of the run has been closed; only the thread itself asks. */
	private boolean scopeClosed;

	/** When it last went from one run to the next; nanoseconds of the clock. */
	private final AtomicLong wentOn;

	/** What all workers together had done at the last look; guarded by the lock. */
	private long seen;

	Worker(Workers workers, long now) {
		this.workers = workers;
		this.wentOn = new AtomicLong(now - MOMENT_NANOS);
	}

	@Override
	public void run() {
		begin();
		JobRun<?> run = this.workers.next(this);
		JobRun<?> before = null;
		while (run != null) {
			if (before != null) {
				goesOn(before.endedNanos());
			}
			JobRun<?> next = Attempt.carryOut(run, this, before);
			// Whatever a body did to its own thread is not for the next one.
			Thread.interrupted();
			before = (next != null) ? run : null;
			// A worker at rest keeps no run.
			run = next;
			if (run == null) {
				run = this.workers.next(this);
			}
		}
		JobContextHolder.setContext(null);
	}

	void begin() {
		this.thread = Thread.currentThread();
	}

	/**
	 * Wait to be called, or for a look. This is the one wait that is not the clock's: a
	 * timer for each rest would wake one thread to wake another.
	 * @param nanos how long at most, in nanoseconds
	 */
	void rest(long nanos) {
		JobContextHolder.setContext(null);
		long deadline = System.nanoTime() + nanos;
		long remaining = nanos;
		while (this.stage.isWaiting() && remaining > 0) {
			LockSupport.parkNanos(this, remaining);
			// Whoever kept our thread may interrupt it; there is nothing here to
			// interrupt.
			Thread.interrupted();
			remaining = deadline - System.nanoTime();
		}
	}

	/**
	 * It goes from one run to the next.
	 * @param now nanoseconds of the clock
	 */
	void goesOn(long now) {
		this.wentOn.setOpaque(now);
	}

	void settles() {
		this.settling.setPlain(true);
	}

	/**
	 * The end of the run is shown.
	 */
	void hasSettled() {
		this.settling.setRelease(false);
	}

	boolean isSettling() {
		return this.settling.get();
	}

	void closedScope() {
		this.scopeClosed = true;
	}

	/**
	 * Return whether the context of the run has been closed, and forget it.
	 */
	boolean hasClosedScope() {
		boolean closed = this.scopeClosed;
		this.scopeClosed = false;
		return closed;
	}

	Stage stage() {
		return this.stage;
	}

	void stage(Stage newStage) {
		this.stage = newStage;
	}

	/**
	 * Look how far the workers are.
	 * @param handovers how often one of them has gone from one run to the next
	 * @return whether they have done so since the last look
	 */
	boolean look(long handovers) {
		boolean goneOn = this.seen != handovers;
		this.seen = handovers;
		return goneOn;
	}

	/**
	 * Whether it has gone from one run to the next a moment ago.
	 */
	boolean hasGoneOn(long now) {
		return now - this.wentOn.getOpaque() < MOMENT_NANOS;
	}

	/**
	 * Wake the thread.
	 * @return {@code false} if there is none yet
	 */
	boolean wake() {
		LockSupport.unpark(this.thread);
		return this.thread != null;
	}

	/**
	 * Where a worker is.
	 */
	enum Stage {

		/** Carries out runs, or is on its way from one to the next. */
		AT_WORK,

		/** Has nothing to do. */
		RESTING,

		/** On its way to work. */
		CALLED,

		/** On its way, and waits a moment, because the others get on well without it. */
		STANDING_BY,

		ENDED;

		boolean isWaiting() {
			return this == RESTING || this == STANDING_BY;
		}

	}

}
