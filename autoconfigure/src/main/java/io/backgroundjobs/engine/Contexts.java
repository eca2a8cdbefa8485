package io.backgroundjobs.engine;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobContextPropagator.Scope;

/**
 * All context propagators as one. With none, nothing is captured and nothing is
 * allocated.
 */
final class Contexts {

	private static final Scope NOTHING = () -> {
	};

	private final JobContextPropagator[] propagators;

	Contexts(List<JobContextPropagator> propagators) {
		this.propagators = propagators.toArray(new JobContextPropagator[0]);
	}

	@Nullable Object capture() {
		if (this.propagators.length == 0) {
			return null;
		}
		if (this.propagators.length == 1) {
			return this.propagators[0].capture();
		}
		@Nullable Object[] captured = new Object[this.propagators.length];
		for (int i = 0; i < captured.length; i++) {
			captured[i] = this.propagators[i].capture();
		}
		return captured;
	}

	Scope open(@Nullable Object captured, Job<?> job) {
		if (this.propagators.length == 0) {
			return NOTHING;
		}
		if (this.propagators.length == 1) {
			return this.propagators[0].open(captured, job);
		}
		return openAll((captured != null) ? (@Nullable Object[]) captured : new Object[this.propagators.length], job);
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

	private Scope openAll(@Nullable Object[] captured, Job<?> job) {
		Scope all = NOTHING;
		try {
			for (int i = 0; i < this.propagators.length; i++) {
				Scope outer = all;
				Scope inner = this.propagators[i].open(captured[i], job);
				all = () -> {
					try (outer; inner) {
						// closes the inner one first
					}
				};
			}
			return all;
		}
		catch (RuntimeException | Error ex) {
			close(all);
			throw ex;
		}
	}

}
