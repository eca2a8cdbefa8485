package io.backgroundjobs.autoconfigure;

import java.time.InstantSource;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.DurableMeters;
import io.backgroundjobs.observation.JobMeters;
import io.backgroundjobs.observation.PoolMeters;

/**
 * Auto-configuration for the meters of jobs, pools and durable queues.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = { BackgroundJobDurableAutoConfiguration.class, BackgroundJobsAutoConfiguration.class },
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

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(DurableJobs.class)
	DurableMeters backgroundJobDurableMeters(DurableJobs durableJobs, BoundedJobNames names,
			ObjectProvider<EngineClock> clocks) {
		EngineClock clock = clocks.getIfAvailable();
		// What the scheduler's time is, if a test owns it.
		return new DurableMeters(durableJobs, names, (clock != null) ? clock::instant : InstantSource.system());
	}

}
