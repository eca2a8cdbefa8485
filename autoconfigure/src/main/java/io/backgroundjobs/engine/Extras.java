package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobProgress;

/**
 * What few runs need: kept apart so that the others stay small. Guarded by the run's
 * monitor, but for the volatile ones.
 */
final class Extras {

	/** Not decided whether another attempt follows. */
	static final long UNDECIDED = -2;

	/** No attempt follows. */
	static final long FINAL = -1;

	/** The run has been due since it was created. */
	static final long AT_CREATION = Long.MIN_VALUE;

	/** The run itself knows when that began. */
	static final long FIRST_ATTEMPT = Long.MIN_VALUE;

	static final long BETWEEN_ATTEMPTS = Long.MIN_VALUE + 1;

	volatile @Nullable RunOwner owner;

	volatile @Nullable JobProgress progress;

	/** The run whose thread carries this one out for it; written before the body. */
	@Nullable JobRun<?> outer;

	/** Whether whoever started the run gets its failure in any case. */
	boolean failureTaken;

	/** The timer of the delay, of the attempt's timeout, or of the next attempt. */
	EngineClock.@Nullable Timer timer;

	/** When that timer fires; nanoseconds of the clock. */
	long timerDue;

	EngineClock.@Nullable Timer overrunTimer;

	/** When the attempt was over that left its body behind; goes with that timer. */
	long overrunSince;

	@Nullable Retries retries;

	/** What the body returned and has not completed. */
	@Nullable AsyncResult async;

	int regions;

	@Nullable Runnable deferred;

	/** Nanoseconds to the next attempt, if it is decided while the body is inside. */
	long retryDelay = UNDECIDED;

	/** Whether the thread inside the body was interrupted by us. */
	boolean interrupted;

	boolean bodyGone;

	/** Whether the outcome is accounted for, so that the body may leave. */
	boolean recorded;

	boolean left;

	/** When the current attempt began, unless it is the first. */
	long attemptNanos = FIRST_ATTEMPT;

	/** Running time of earlier attempts. */
	long ranBefore;

	/** When the run became due for the current attempt. */
	long due = AT_CREATION;

	/**
	 * Let go of everything that a record of an ended run does not need.
	 */
	void drop() {
		this.owner = null;
		this.outer = null;
		this.retries = null;
		this.async = null;
		this.deferred = null;
		this.timer = null;
		if (this.overrunTimer != null) {
			this.overrunTimer.cancel();
			this.overrunTimer = null;
		}
	}

}
