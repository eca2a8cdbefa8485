package io.backgroundjobs.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.JobMeters;
import io.backgroundjobs.observation.PoolMeters;

/**
 * Auto-configuration for the meters of jobs and pools.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
@Import(JobNamesConfiguration.class)
public final class BackgroundJobMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobMeters backgroundJobMeters(MeterRegistry registry, BoundedJobNames names) {
		return new JobMeters(registry, names);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(BackgroundJobScheduler.class)
	PoolMeters backgroundJobPoolMeters(BackgroundJobScheduler scheduler) {
		return new PoolMeters(scheduler);
	}

}
