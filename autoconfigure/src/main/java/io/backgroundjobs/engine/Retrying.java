package io.backgroundjobs.engine;

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
	 * Decide on a failed attempt.
	 * @return nanoseconds to the next one, or {@link Extras#FINAL}
	 */
	static long decide(JobRun<?> run, Throwable failure) {
		Extras extras = run.extrasIfAny();
		Retries retries = (extras != null) ? extras.retries : null;
		return (retries != null) ? retries.next(failure, run.engine().clock().nanoTime()) : Extras.FINAL;
	}

	/**
	 * Decide on an attempt that has timed out. Runs on a courier.
	 */
	static void decideAfterTimeout(JobRun<?> run, Throwable failure) {
		long delay = decide(run, failure);
		boolean gone;
		synchronized (run) {
			Extras extras = run.extras();
			extras.retryDelay = delay;
			gone = extras.bodyGone;
		}
		if (delay >= 0) {
			run.engine().turns().attemptFailed(run, failure);
			if (gone) {
				waitForNext(run, delay);
			}
		}
		else {
			if (run.move(Phase.RETRYING, Phase.SETTLING)) {
				Ending.settle(run, Phase.TIMED_OUT, failure, Body.INSIDE, false);
			}
			if (gone) {
				Attempt.leave(run);
			}
		}
	}

	/**
	 * The body has left, and another attempt follows: give back the place and wait.
	 */
	static void waitForNext(JobRun<?> run, long delay) {
		synchronized (run) {
			Attempt.letThreadGo(run);
			Extras extras = run.extras();
			extras.retryDelay = Extras.UNDECIDED;
			extras.bodyGone = false;
			run.attemptOver(run.engine().clock().nanoTime());
			if (extras.overrunTimer != null) {
				extras.overrunTimer.cancel();
				extras.overrunTimer = null;
			}
		}
		if (!run.venue().leaveToWait(run)) {
			Attempt.leave(run);
			return;
		}
		if (run.engine().stopping().drops(run, run.engine().clock().nanoTime() + delay)) {
			Ending.dropPending(run, "shutdown before the next attempt");
		}
		else {
			arm(run, () -> run.venue().due(run), delay);
		}
	}

	/**
	 * Set the timer of a run, unless it has ended.
	 */
	static void arm(JobRun<?> run, Runnable task, long delay) {
		synchronized (run) {
			if (run.phase() < Phase.SETTLING) {
				EngineClock clock = run.engine().clock();
				run.extras().timerDue = clock.nanoTime() + delay;
				run.extras().timer = clock.schedule(task, delay);
			}
		}
		if (run.engine().stopping().isStopping()) {
			// A drain that saw the run before it had a timer looks again.
			run.engine().stopping().left();
		}
	}

}
