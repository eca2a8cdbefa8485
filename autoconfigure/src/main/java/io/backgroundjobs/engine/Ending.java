package io.backgroundjobs.engine;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.engine.Waiting.Released;

/**
 * Ends runs. Whoever moves a run to {@link Phase#SETTLING} calls {@link #settle} once;
 * that sets the outcome, gives back what the run held, and only then lets others see the
 * end.
 */
final class Ending {

	private static final Logger logger = LoggerFactory.getLogger(Ending.class);

	private Ending() {
	}

	/**
	 * Cancel a run, whatever state it is in.
	 * @return whether this call ends it, now or at the end of its shielded region
	 */
	static boolean cancel(JobRun<?> run, String reason) {
		Stop stop;
		do {
			if (dropPending(run, reason)) {
				return true;
			}
			stop = stop(run, reason, false, Teller.HERE);
			// A run that starts or waits again between the two looks is looked at again.
		}
		while (stop == Stop.NOT_RUNNING && run.phase() < Phase.SETTLING);
		return stop == Stop.STOPPED;
	}

	/**
	 * End a run that no thread has taken yet.
	 */
	static boolean dropPending(JobRun<?> run, String reason) {
		return dropPending(run, reason, Teller.HERE);
	}

	static boolean dropPending(JobRun<?> run, String reason, Teller teller) {
		if (!run.venue().withdraw(run)) {
			return false;
		}
		settleWithdrawn(run, reason, teller);
		return true;
	}

	/**
	 * End a run that the caller has withdrawn from its venue.
	 */
	static void settleWithdrawn(JobRun<?> run, String reason) {
		settleWithdrawn(run, reason, Teller.HERE);
	}

	static void settleWithdrawn(JobRun<?> run, String reason, Teller teller) {
		run.move(run.phase(), Phase.SETTLING);
		settle(run, Phase.CANCELLED, reason, Body.NEVER_ENTERED, teller);
	}

	/**
	 * Take back a run that was admitted for a moment and is refused after all. It was no
	 * job, so that nobody is told; but whoever saw it in a list must not wait for it.
	 * @return whether it was still there
	 */
	static boolean discard(JobRun<?> run, String reason) {
		if (!run.venue().withdraw(run)) {
			return false;
		}
		run.move(run.phase(), Phase.SETTLING);
		run.ending(run.engine().clock().nanoTime());
		run.dropBody();
		run.publish(Phase.CANCELLED, reason);
		complete(run, Waiting.release(run));
		run.engine().stopping().published();
		return true;
	}

	/**
	 * Cancel a run that a thread has taken, and interrupt its body.
	 * @param override whether also inside of a shielded region
	 */
	static Stop stop(JobRun<?> run, String reason, boolean override, Teller teller) {
		AsyncResult async;
		synchronized (run) {
			if (!override && run.phase() < Phase.SETTLING && ShieldedRegion.contains(run)) {
				boolean first = ShieldedRegion.defer(run, () -> stop(run, reason, true, Teller.HERE));
				return first ? Stop.STOPPED : Stop.TOO_LATE;
			}
			if (!run.move(Phase.RUNNING, Phase.SETTLING) && !run.move(Phase.RETRYING, Phase.SETTLING)) {
				return Stop.NOT_RUNNING;
			}
			async = interrupt(run);
		}
		if (async != null) {
			teller.cancel(run.engine().couriers(), () -> cancel(async));
		}
		settle(run, Phase.CANCELLED, reason, Body.INSIDE, teller);
		return Stop.STOPPED;
	}

	/**
	 * Ask work to stop that goes on without a thread of ours. Calls code of the user.
	 */
	static void cancel(AsyncResult async) {
		try {
			async.cancel();
		}
		catch (Throwable ex) {
			logger.error("What a job's body returned could not be cancelled", ex);
		}
	}

	/**
	 * Interrupt the body. Called with the run's monitor held, so that the body's thread
	 * cannot leave meanwhile.
	 * @return what the caller must cancel once the monitor is free, if anything
	 */
	static @Nullable AsyncResult interrupt(JobRun<?> run) {
		Thread thread = run.runner();
		Extras extras = run.extras();
		if (thread != null) {
			extras.interrupted = true;
			thread.interrupt();
		}
		return extras.async;
	}

	/**
	 * Set the outcome of a run in {@link Phase#SETTLING}.
	 * @param phase the final phase
	 * @param value the result, the failure or the reason
	 * @param body where the body is
	 * @param teller who calls code of the user
	 */
	static void settle(JobRun<?> run, int phase, @Nullable Object value, Body body, Teller teller) {
		settle(run, phase, value, body, teller, null, null);
	}

	/**
	 * Set the outcome of a run in {@link Phase#SETTLING}.
	 * @param worker the calling thread, if it is one of the pool's own and has just left
	 * the body: takes its next run in the same step, unless it has something to tell
	 * before
	 * @param scope the context around the body, which that worker closes before it has
	 * another run: an interrupt of that one must not reach it
	 * @return the run that it has taken
	 */
	static @Nullable JobRun<?> settle(JobRun<?> run, int phase, @Nullable Object value, Body body, Teller teller,
			@Nullable Worker worker, @Nullable Scope scope) {
		Surroundings engine = run.engine();
		long now = engine.clock().nanoTime();
		long ran = run.ran(now);
		Throwable failure = (phase == Phase.FAILED || phase == Phase.TIMED_OUT) ? (Throwable) value : null;
		RunOwner owner = run.owner();
		Object captured = run.captured;
		boolean stopsLater = captured instanceof Observed && teller != Teller.HERE;
		boolean tells = failure != null || engine.turns().hasListeners() || stopsLater;
		if (body != Body.NEVER_ENTERED && worker == null) {
			// Whoever withdrew it has said so already, and a worker does as it leaves.
			engine.stopping().ending();
		}
		run.ending(now);
		disarm(run);
		engine.stopping().ended(run, phase, body == Body.NEVER_ENTERED, ran);
		if (owner != null) {
			owner.ended(run, phase, value);
			if (body != Body.INSIDE) {
				// Before the place is free and the end is seen: who sees the end may
				// count on it that the next tick finds no run.
				owner.left(run);
			}
		}
		if (tells) {
			run.venue().telling(1);
		}
		JobOutcome outcome = Phase.outcome(phase);
		if (outcome != null) {
			engine.turns().record(run, outcome, failure, ran);
			if (!stopsLater) {
				Observed.stop(captured, outcome, failure);
			}
		}
		boolean goesOn = worker != null && !tells && run.waiters() == null;
		if (worker != null && goesOn) {
			engine.contexts().close(scope);
			worker.closedScope();
		}
		JobRun<?> next = null;
		if (body == Body.GONE) {
			next = run.venue().end(run, worker, goesOn);
		}
		else {
			run.venue().remember(run);
			leaveBehind(run, body, teller);
		}
		run.dropBody();
		boolean taken = run.publish(phase, value);
		if (worker != null) {
			worker.hasSettled();
		}
		Released released = Waiting.release(run);
		if (worker == null) {
			engine.stopping().published();
		}
		if (tells || !released.futures().isEmpty()) {
			// A future that came in between must not keep the worker from its next run.
			Teller actual = goesOn ? Teller.COURIER : teller;
			Runnable tell = () -> {
				Observed.stop(captured, outcome, failure);
				tell(run, released, (taken || released.taken()) ? null : failure, tells);
			};
			actual.tell(engine.couriers(), (actual == Teller.HERE) ? tell : () -> inContext(run, captured, tell));
		}
		run.dropExtras(body != Body.INSIDE);
		if (worker != null) {
			engine.stopping().left();
		}
		return next;
	}

	/**
	 * Forget the timers of a run.
	 */
	static void disarm(JobRun<?> run) {
		Extras extras = run.extrasIfAny();
		if (extras != null) {
			synchronized (run) {
				if (extras.timer != null) {
					extras.timer.cancel();
					extras.timer = null;
				}
			}
		}
	}

	/**
	 * The outcome is accounted for while the body is inside: let it leave.
	 */
	private static void leaveBehind(JobRun<?> run, Body body, Teller teller) {
		if (body == Body.NEVER_ENTERED) {
			return;
		}
		boolean gone;
		synchronized (run) {
			Extras extras = run.extras();
			extras.recorded = true;
			gone = extras.bodyGone;
		}
		if (gone) {
			Attempt.leave(run, teller);
		}
		else {
			overrun(run);
		}
	}

	/**
	 * Count a body that stays inside although its attempt is over, and warn if it still
	 * does in a while.
	 */
	static void overrun(JobRun<?> run) {
		run.venue().overrun(run);
		Surroundings engine = run.engine();
		Object captured = run.captured;
		Runnable warning = () -> inContext(run, captured, () -> warn(run));
		synchronized (run) {
			Extras extras = run.extras();
			if (!extras.bodyGone && !extras.left && extras.overrunTimer == null) {
				extras.overrunSince = engine.clock().nanoTime();
				extras.overrunTimer = engine.clock()
					.schedule(() -> engine.couriers().send(warning), engine.overrunWarning());
			}
		}
	}

	private static void complete(JobRun<?> run, Released released) {
		for (CompletableFuture<@Nullable Object> future : released.futures()) {
			Waiting.complete(run, future);
		}
	}

	private static void tell(JobRun<?> run, Released released, @Nullable Throwable notTaken, boolean tells) {
		if (tells) {
			Teller.begin();
		}
		try {
			complete(run, released);
			run.engine().turns().ended(run);
			if (notTaken != null) {
				run.engine().turns().notTaken(run, notTaken);
			}
		}
		finally {
			if (tells) {
				Teller.end();
				run.venue().telling(-1);
				run.engine().stopping().left();
			}
		}
	}

	/**
	 * Run something of the engine with the run's context around it. A propagator that
	 * fails costs the context, and nothing else.
	 */
	static void inContext(JobRun<?> run, @Nullable Object captured, Runnable action) {
		JobContext outer = JobContextHolder.getContext();
		Scope scope = null;
		try {
			JobContextHolder.setContext(run);
			scope = run.engine().contexts().open(captured, run);
		}
		catch (Throwable ex) {
			Turns.failed(run.engine().contexts(), ex);
		}
		try {
			action.run();
		}
		finally {
			run.engine().contexts().close(scope);
			JobContextHolder.setContext(outer);
		}
	}

	private static void warn(JobRun<?> run) {
		Thread thread;
		synchronized (run) {
			Extras extras = run.extras();
			if (extras.bodyGone || extras.left || extras.overrunTimer == null) {
				return;
			}
			thread = run.runner();
		}
		run.engine().diagnosis().stuck(run, thread);
	}

	/**
	 * Where the body is when the outcome is set.
	 */
	enum Body {

		/** No thread had taken the run; it was withdrawn. */
		NEVER_ENTERED,

		/** A thread or an asynchronous result holds the place until it leaves. */
		INSIDE,

		/** It has left just now, and the place with it. */
		GONE

	}

	/**
	 * What became of the wish to stop a run.
	 */
	enum Stop {

		/** It is stopped, or will be when its shielded region ends. */
		STOPPED,

		/** Somebody else has left the same wish before. */
		TOO_LATE,

		/** No thread has taken it, or it has ended. */
		NOT_RUNNING

	}

}
