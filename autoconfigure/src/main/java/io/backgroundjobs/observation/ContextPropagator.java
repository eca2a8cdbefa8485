package io.backgroundjobs.observation;

import java.util.ServiceLoader;
import java.util.Set;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;

/**
 * Carries over what Micrometer's context propagation knows how to: the current
 * observation, the security context, whatever has a {@link ThreadLocalAccessor}. It has a
 * registry of its own, so that it neither changes nor depends on what others do with the
 * global one.
 *
 * @since 1.0.0
 */
public final class ContextPropagator implements JobContextPropagator {

	/**
	 * By its name, as Spring Web need not be there. A request is recycled by the server
	 * once it is answered, and a job outlives it.
	 */
	private static final String REQUEST_ATTRIBUTES = "org.springframework.web.context.request.RequestAttributesThreadLocalAccessor";

	private final ContextSnapshotFactory snapshots;

	private final ContextSnapshot empty;

	private ContextPropagator(ContextRegistry registry) {
		this.snapshots = ContextSnapshotFactory.builder().contextRegistry(registry).clearMissing(true).build();
		this.empty = this.snapshots.captureFrom();
	}

	/**
	 * Create a propagator for the accessors that are installed, as the global registry
	 * finds them, and for some more.
	 * @param accessors more accessors; one with the key of an installed one replaces it
	 * @param excluded the keys of accessors to leave out
	 * @return the propagator
	 */
	public static ContextPropagator create(Iterable<ThreadLocalAccessor<?>> accessors, Set<String> excluded) {
		ContextRegistry registry = new ContextRegistry();
		for (ThreadLocalAccessor<?> installed : ServiceLoader.load(ThreadLocalAccessor.class,
				ContextPropagator.class.getClassLoader())) {
			register(registry, installed, excluded);
		}
		accessors.forEach((accessor) -> register(registry, accessor, excluded));
		return new ContextPropagator(registry);
	}

	private static void register(ContextRegistry registry, ThreadLocalAccessor<?> accessor, Set<String> excluded) {
		if (!excluded.contains(accessor.key().toString())
				&& !accessor.getClass().getName().equals(REQUEST_ATTRIBUTES)) {
			registry.registerThreadLocalAccessor(accessor);
		}
	}

	@Override
	public Object capture() {
		return this.snapshots.captureAll();
	}

	@Override
	public Scope open(@Nullable Object captured, Job<?> job) {
		ContextSnapshot snapshot = (captured != null) ? (ContextSnapshot) captured : this.empty;
		ContextSnapshot.Scope scope = snapshot.setThreadLocals();
		return scope::close;
	}

}
