package io.backgroundjobs.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobOutcome;

/**
 * Observes each attempt of a job as {@code background.job}, beneath the observation that
 * was current when the job was spawned. Loops are left out: an observation that lasts as
 * long as the application says nothing, and would make one trace of all that they do.
 *
 * @since 1.0.0
 */
public final class JobObservations implements JobObserver {

	private static final BackgroundJobObservationConvention DEFAULT_CONVENTION = new DefaultBackgroundJobObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable BackgroundJobObservationConvention convention;

	private final BoundedJobNames names;

	/**
	 * Create the observer.
	 * @param registry where observations are started
	 * @param convention names them, or {@code null} for the default convention
	 * @param names what jobs are called in tags
	 */
	public JobObservations(ObservationRegistry registry, @Nullable BackgroundJobObservationConvention convention,
			BoundedJobNames names) {
		this.registry = registry;
		this.convention = convention;
		this.names = names;
	}

	@Override
	public @Nullable ObservedAttempt start(Job<?> job) {
		if (this.registry.isNoop() || job.kind() == JobKind.BACKGROUND) {
			return null;
		}
		Observation observation = BackgroundJobObservationDocumentation.BACKGROUND_JOB.observation(this.convention,
				DEFAULT_CONVENTION,
				() -> new BackgroundJobObservationContext(job, job.attempts(), this.names.tagValue(job)),
				this.registry);
		return observation.isNoop() ? null : new Attempt(observation.start());
	}

	/**
	 * An attempt whose observation has been started.
	 *
	 * @param observation the observation
	 */
	private record Attempt(Observation observation) implements ObservedAttempt {

		@Override
		public Scope openScope() {
			Observation.Scope scope = this.observation.openScope();
			return () -> close(scope);
		}

		@Override
		public void stop(JobOutcome outcome, @Nullable Throwable failure) {
			if (this.observation.getContext() instanceof BackgroundJobObservationContext context) {
				context.setOutcome(outcome);
			}
			try {
				if (failure != null) {
					this.observation.error(failure);
				}
			}
			finally {
				this.observation.stop();
			}
		}

		/**
		 * Close a scope, and before it those that a body has opened within it and
		 * forgotten. They would stay on the thread, under whatever runs there next.
		 */
		private void close(Observation.Scope scope) {
			ObservationRegistry registry = this.observation.getObservationRegistry();
			Observation.Scope current = registry.getCurrentObservationScope();
			while (current != null && current != scope && isWithin(current, scope)) {
				current.close();
				current = registry.getCurrentObservationScope();
			}
			scope.close();
		}

		private static boolean isWithin(Observation.Scope inner, Observation.Scope outer) {
			Observation.@Nullable Scope each = inner;
			while (each != null && each != outer) {
				each = each.getPreviousObservationScope();
			}
			return each != null;
		}

	}

}
