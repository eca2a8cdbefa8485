package io.backgroundjobs.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Names what becomes JSON, which the return types over the web do not tell.
 */
final class BackgroundJobsEndpointRuntimeHints implements RuntimeHintsRegistrar {

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		this.binding.registerReflectionHints(hints.reflection(), OverviewDescriptor.class, PageDescriptor.class,
				JobDescriptor.class, PeriodicJobDescriptor.class, PoolDescriptor.class, CancelledDescriptor.class,
				DurableQueueDescriptor.class, FailedJobsDescriptor.class, StoredJobDescriptor.class,
				StoredJobChangeDescriptor.class, ProblemDescriptor.class);
	}

}
