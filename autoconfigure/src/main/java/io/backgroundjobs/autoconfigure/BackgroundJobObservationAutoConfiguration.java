package io.backgroundjobs.autoconfigure;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.backgroundjobs.JobObserver;
import io.backgroundjobs.observation.BackgroundJobObservationConvention;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.JobObservations;

/**
 * Auto-configuration for the observations of jobs. They are started only if the
 * application has a tracer, a handler or a convention for them.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnSingleCandidate(ObservationRegistry.class)
@Import(JobNamesConfiguration.class)
public final class BackgroundJobObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(JobObserver.class)
	JobObservations backgroundJobObservations(ObservationRegistry registry,
			ObjectProvider<BackgroundJobObservationConvention> conventions,
			ObjectProvider<ObservationHandler<?>> handlers, BoundedJobNames names) {
		BackgroundJobObservationConvention convention = conventions.getIfUnique();
		boolean seen = convention != null || ObservationAudience.isIn(handlers.stream());
		return new JobObservations(seen ? registry : ObservationRegistry.NOOP, convention, names);
	}

}
