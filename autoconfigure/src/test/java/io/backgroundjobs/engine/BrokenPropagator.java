package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;

/**
 * Opens no context.
 */
final class BrokenPropagator implements JobContextPropagator {

	@Override
	public @Nullable Object capture() {
		return null;
	}

	@Override
	public Scope open(@Nullable Object captured, Job<?> job) {
		throw new IllegalStateException("no context");
	}

}
