package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.engine.Ending.Body;

/**
 * What happens between two attempts of a run. When an attempt times out, its body may
 * still be inside: the next attempt is set up by whichever comes second, the decision for
 * it or the leaving of the body.
 */
final class Retrying {

	private Retrying() {
	}

	static Retries begin(JobRun<?> run, RetryPolicy policy) {
		long now = run.engine().clock().nanoTime();
		Extras extras = run.extras();
		synchronized (run) {
			if (extras.retries != null) {
				return extras.retries;
			}
		}
		// Calls code of the user, and is done by the thread that begins the first
		// attempt.
		Retries retries = new Retries(policy, now);
		synchronized (run) {
			extras.retries = retries;
		}
		return retries;
	}

	/**
	 * Return whether a failed attempt may be followed by another one.
	 */
	static boolean mayFollow(JobRun<?> run) {
		Extras extras = run.extrasIfAny();
		if (extras == null) {
			return false;
		}
		synchronized (run) {
			return extras.retries != null;
		}
	}

	/**
	 * Return when the next attempt of a run is due whose body has not left the last one.
	 * @return nanoseconds of the clock, or {@code null} if no attempt follows or that is
	 * not decided
	 */
	static @Nullable Long due(JobRun<?> run) {
		synchronized (run) {
			Extras extras = run.extrasIfAny();
			if (run.phase() != Phase.RETRYING || extras == null || extras.retryDelay < 0) {
				return null;
			}
			return run.engine().clock().nanoTime() + extras.retryDelay;
		}
	}

	/**
	 * Decide whether another attempt follows one that has failed. Calls code of the user,
	 * and is done by whoever moved the run to {@link Phase#RETRYING}.
	 * @param last the phase of the run if none follows
	 */
	static void decide(JobRun<?> run, Throwable failure, int last) {
		Observed.stop(run.captured, Phase.outcome(last), failure);
		Retries retries;
		synchronized (run) {
			retries = run.extras().retries;
		}
		long delay = (retries != null) ? retries.next(failure, run.engine().clock().nanoTime()) : Extras.FINAL;
		if (delay >= 0) {
			RunOwner owner = run.owner();
			if (owner != null) {
				owner.attemptFailed(run, failure);
			}
			run.engine().turns().attemptFailed(run, failure);
		}
		boolean gone;
		boolean follows;
		synchronized (run) {
			if (run.phase() != Phase.RETRYING) {
				return;
			}
			Extras extras = run.extras();
			gone = extras.bodyGone;
			follows = delay >= 0;
			if (follows) {
				extras.retryDelay = delay;
			}
			else {
				run.move(Phase.RETRYING, Phase.SETTLING);
			}
		}
		if (!follows) {
			Ending.settle(run, last, failure, gone ? Body.GONE : Body.INSIDE, Teller.HERE);
		}
		else if (gone) {
			waitForNext(run, delay);
		}
	}

	/**
	 * The body has left, and another attempt follows: give back the place and wait.
	 */
	static void waitForNext(JobRun<?> run, long delay) {
		boolean over;
		synchronized (run) {
			over = run.phase() != Phase.RETRYING;
			run.attemptOver(run.engine().clock().nanoTime());
		}
		boolean waits = !over && run.venue().leaveToWait(run);
		boolean recorded;
		synchronized (run) {
			Extras extras = run.extras();
			if (waits) {
				extras.retryDelay = Extras.UNDECIDED;
				extras.bodyGone = false;
			}
			if (extras.overrunTimer != null) {
				extras.overrunTimer.cancel();
				extras.overrunTimer = null;
			}
			recorded = extras.recorded;
		}
		RunOwner owner = run.owner();
		if (waits && owner != null && owner.waitsElsewhere()) {
			// Whoever cancels it before that has it.
			if (Ending.discard(run, "the next attempt may be another instance's")) {
				owner.goesElsewhere(run, delay);
			}
		}
		else if (waits) {
			armOrDrop(run, () -> run.venue().due(run), delay);
		}
		else if (recorded) {
			Attempt.leave(run, Teller.HERE);
		}
	}

	/**
	 * Let a parked run wait for its time, unless a drain does not.
	 */
	static void armOrDrop(JobRun<?> run, Runnable due, long delay) {
		arm(run, due, delay);
		// A drain that saw the run before it had a timer does not look again.
		if (run.engine().stopping().drops(run, run.engine().clock().nanoTime() + delay)) {
			Ending.dropPending(run, "shutdown");
		}
	}

	/**
	 * Set the timer of a run, unless it has ended.
	 */
	static void arm(JobRun<?> run, Runnable task, long delay) {
		// Made before the phase is looked at, so that whoever ends the run finds the
		// timer.
		Extras extras = run.extras();
		synchronized (run) {
			if (run.phase() < Phase.SETTLING) {
				EngineClock clock = run.engine().clock();
				extras.timerDue = clock.nanoTime() + delay;
				extras.timer = clock.schedule(task, delay);
			}
		}
	}

}
