package io.backgroundjobs.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Interface for an {@link ObservationConvention} for
 * {@link BackgroundJobObservationDocumentation#BACKGROUND_JOB attempts of background
 * jobs}. A bean of this type replaces {@link DefaultBackgroundJobObservationConvention},
 * and lets jobs be observed where nothing but meters would be made of it.
 *
 * @since 1.0.0
 */
public interface BackgroundJobObservationConvention extends ObservationConvention<BackgroundJobObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof BackgroundJobObservationContext;
	}

}
