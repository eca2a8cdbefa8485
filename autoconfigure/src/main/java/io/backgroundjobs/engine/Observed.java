package io.backgroundjobs.engine;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobObserver.ObservedAttempt;
import io.backgroundjobs.JobOutcome;

/**
 * What is bound around an attempt that is observed: the context that was captured, and
 * inside of it the observation. Takes the place of the captured context in its run, so
 * that whoever binds that binds both.
 */
final class Observed {

	private final @Nullable Object captured;

	private final ObservedAttempt attempt;

	private final AtomicBoolean stopped = new AtomicBoolean();

	Observed(@Nullable Object captured, ObservedAttempt attempt) {
		this.captured = captured;
		this.attempt = attempt;
	}

	/**
	 * Return the captured context alone.
	 * @param bound what a run has, with or without an attempt of before
	 */
	static @Nullable Object captured(@Nullable Object bound) {
		return (bound instanceof Observed observed) ? observed.captured : bound;
	}

	/**
	 * Stop the observation, if there is one and nobody has. Never throws.
	 * @param bound what the run has
	 */
	static void stop(@Nullable Object bound, @Nullable JobOutcome outcome, @Nullable Throwable failure) {
		if (bound instanceof Observed observed && outcome != null && observed.stopped.compareAndSet(false, true)) {
			try {
				observed.attempt.stop(outcome, failure);
			}
			catch (Throwable ex) {
				Turns.failed(observed.attempt, ex);
			}
		}
	}

	/**
	 * Open the observation within what is bound already. One that cannot be opened costs
	 * the observation, and nothing else.
	 */
	Scope within(Scope outer) {
		try {
			return Contexts.nested(outer, this.attempt.openScope());
		}
		catch (Throwable ex) {
			Turns.failed(this.attempt, ex);
			return outer;
		}
	}

}
