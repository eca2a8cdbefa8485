package io.backgroundjobs.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobObserver.ObservedAttempt;
import io.backgroundjobs.JobOutcome;

/**
 * All context propagators as one, and the observer within them. With none, nothing is
 * captured and nothing is allocated.
 */
final class Contexts {

	private static final Scope NOTHING = () -> {
	};

	private final JobContextPropagator[] propagators;

	/** What was captured where nothing was bound. */
	private final @Nullable Object[] nothing;

	private final @Nullable JobObserver observer;

	Contexts(List<JobContextPropagator> propagators, @Nullable JobObserver observer) {
		this.propagators = propagators.toArray(new JobContextPropagator[0]);
		this.nothing = new Object[this.propagators.length];
		this.observer = observer;
	}

	@Nullable Object capture() {
		if (this.propagators.length == 0) {
			return null;
		}
		if (this.propagators.length == 1) {
			return this.propagators[0].capture();
		}
		@Nullable Object[] all = null;
		for (int i = 0; i < this.propagators.length; i++) {
			Object captured = this.propagators[i].capture();
			if (captured != null) {
				all = (all != null) ? all : new Object[this.propagators.length];
				all[i] = captured;
			}
		}
		return all;
	}

	/**
	 * Write what is bound to the calling thread as texts. A propagator that fails costs
	 * the context, and nothing else.
	 */
	Map<String, String> inject() {
		Map<String, String> carrier = new TreeMap<>();
		for (JobContextPropagator propagator : this.propagators) {
			try {
				propagator.inject(carrier);
			}
			catch (Throwable ex) {
				Turns.failed(propagator, ex);
			}
		}
		return carrier;
	}

	/**
	 * Read what {@link #inject} has written, as if it had been captured. A propagator
	 * that fails costs the context, and nothing else: else the work would never be done.
	 */
	@Nullable Object extract(Map<String, String> carrier) {
		@Nullable Object[] all = new Object[this.propagators.length];
		for (int i = 0; i < all.length; i++) {
			try {
				all[i] = this.propagators[i].extract(carrier);
			}
			catch (Throwable ex) {
				Turns.failed(this.propagators[i], ex);
			}
		}
		return switch (all.length) {
			case 0 -> null;
			case 1 -> all[0];
			default -> all;
		};
	}

	/**
	 * Bind the context of an attempt that is about to enter its body, and begin to
	 * observe it.
	 */
	Scope enter(JobRun<?> run) {
		Object captured = Observed.captured(run.captured);
		Scope scope = bind(captured, run);
		return (this.observer != null) ? observe(this.observer, run, captured, scope) : scope;
	}

	/**
	 * Bind a context again, on another thread or later.
	 * @param captured what the run had: the context, or an attempt that is observed
	 */
	Scope open(@Nullable Object captured, Job<?> job) {
		Scope scope = bind(Observed.captured(captured), job);
		return (captured instanceof Observed observed) ? observed.within(scope) : scope;
	}

	/**
	 * Close what was opened. Never throws.
	 */
	void close(@Nullable Scope scope) {
		try {
			if (scope != null) {
				scope.close();
			}
		}
		catch (Throwable ex) {
			Turns.failed(this, ex);
		}
	}

	private Scope bind(@Nullable Object captured, Job<?> job) {
		if (this.propagators.length == 0) {
			return NOTHING;
		}
		if (this.propagators.length == 1) {
			return this.propagators[0].open(captured, job);
		}
		return openAll((captured != null) ? (@Nullable Object[]) captured : this.nothing, job);
	}

	private static Scope observe(JobObserver observer, JobRun<?> run, @Nullable Object captured, Scope scope) {
		Observed observed = start(observer, run, captured);
		if (observed == null && run.captured == captured) {
			return scope;
		}
		boolean over;
		// Whoever ends the run by force moves the phase under this monitor, and then
		// stops what it finds.
		synchronized (run) {
			over = run.phase() != Phase.RUNNING;
			if (!over) {
				run.captured = (observed != null) ? observed : captured;
			}
		}
		if (over) {
			Observed.stop(observed, JobOutcome.CANCELLED, null);
		}
		return (observed != null) ? observed.within(scope) : scope;
	}

	private static @Nullable Observed start(JobObserver observer, JobRun<?> run, @Nullable Object captured) {
		try {
			ObservedAttempt attempt = observer.start(run);
			return (attempt != null) ? new Observed(captured, attempt) : null;
		}
		catch (Throwable ex) {
			Turns.failed(observer, ex);
			return null;
		}
	}

	private Scope openAll(@Nullable Object[] captured, Job<?> job) {
		Scope all = NOTHING;
		try {
			for (int i = 0; i < this.propagators.length; i++) {
				Scope scope = this.propagators[i].open(captured[i], job);
				all = (i > 0) ? nested(all, scope) : scope;
			}
			return all;
		}
		catch (RuntimeException | Error ex) {
			close(all);
			throw ex;
		}
	}

	static Scope nested(Scope outer, Scope inner) {
		return () -> {
			try (outer; inner) {
				// closes the inner one first
			}
		};
	}

}
