package io.backgroundjobs.observation;

import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
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

	private static final String OBSERVATION = "io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor";

	private final Set<String> keys;

	private final ContextSnapshotFactory snapshots;

	private final ContextSnapshot empty;

	/** All, the excluded ones included. */
	private final List<ThreadLocalAccessor<?>> accessors;

	/** Where nothing was bound before, and the body may have left something. */
	private final Scope clearing = this::clear;

	/**
	 * Of what is not carried over: a body may bind it all the same, and forget it on the
	 * thread.
	 */
	private final ContextSnapshot emptyOfExcluded;

	private ContextPropagator(ContextRegistry registry, ContextRegistry excluded, Set<String> keys) {
		this.keys = Collections.unmodifiableSet(keys);
		this.snapshots = factory(registry);
		this.empty = this.snapshots.captureFrom();
		this.emptyOfExcluded = factory(excluded).captureFrom();
		this.accessors = Stream.of(registry, excluded)
			.flatMap((each) -> each.getThreadLocalAccessors().stream())
			.toList();
	}

	private static ContextSnapshotFactory factory(ContextRegistry registry) {
		return ContextSnapshotFactory.builder().contextRegistry(registry).clearMissing(true).build();
	}

	/**
	 * Create a propagator for the accessors that are installed, as the global registry
	 * finds them, and for some more.
	 * @param accessors more accessors; one with the key of an installed one replaces it
	 * @param excluded the keys of accessors to leave out; the names of those that are
	 * classes
	 * @return the propagator
	 */
	public static ContextPropagator create(Iterable<ThreadLocalAccessor<?>> accessors, Set<String> excluded) {
		ContextRegistry registry = new ContextRegistry();
		ContextRegistry excludedRegistry = new ContextRegistry();
		Set<String> keys = new TreeSet<>();
		Consumer<ThreadLocalAccessor<?>> register = (accessor) -> {
			String key = key(accessor);
			keys.add(key);
			boolean carried = !excluded.contains(key) && !accessor.getClass().getName().equals(REQUEST_ATTRIBUTES);
			(carried ? registry : excludedRegistry).registerThreadLocalAccessor(accessor);
		};
		installed().forEach(register);
		accessors.forEach(register);
		return new ContextPropagator(registry, excludedRegistry, keys);
	}

	// A service is loaded by its class, which has no parameters.
	@SuppressWarnings("rawtypes")
	private static Stream<ThreadLocalAccessor<?>> installed() {
		return ServiceLoader.load(ThreadLocalAccessor.class, ContextPropagator.class.getClassLoader())
			.stream()
			.map((installed) -> {
				// Its own constructor would make the new one the global one.
				boolean observation = installed.type().getName().equals(OBSERVATION);
				return observation ? Observations.accessor() : installed.get();
			});
	}

	private static String key(ThreadLocalAccessor<?> accessor) {
		return (accessor.key() instanceof Class<?> type) ? type.getName() : accessor.key().toString();
	}

	/**
	 * Return the keys of all accessors that there are, the excluded ones included.
	 * @return the keys in their order
	 */
	public Set<String> keys() {
		return this.keys;
	}

	@Override
	public @Nullable Object capture() {
		return isNothingBound() ? null : this.snapshots.captureAll();
	}

	@Override
	public Scope open(@Nullable Object captured, Job<?> job) {
		if (captured == null && isNothingBound()) {
			// As it is nearly always, on a thread of our own.
			return this.clearing;
		}
		ContextSnapshot snapshot = (captured != null) ? (ContextSnapshot) captured : this.empty;
		ContextSnapshot.Scope outer = this.emptyOfExcluded.setThreadLocals();
		ContextSnapshot.Scope inner = snapshot.setThreadLocals();
		return () -> {
			try (outer; inner) {
				// closes the inner one first
			}
		};
	}

	private boolean isNothingBound() {
		for (ThreadLocalAccessor<?> accessor : this.accessors) {
			if (accessor.getValue() != null) {
				return false;
			}
		}
		return true;
	}

	private void clear() {
		for (ThreadLocalAccessor<?> accessor : this.accessors) {
			if (accessor.getValue() != null) {
				accessor.restore();
			}
		}
	}

	/**
	 * Loaded only where Micrometer's observations are there.
	 */
	private static final class Observations {

		private static ThreadLocalAccessor<?> accessor() {
			return new ObservationThreadLocalAccessor(ObservationRegistry.create());
		}

	}

}
