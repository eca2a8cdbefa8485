package io.backgroundjobs.autoconfigure;

import java.time.InstantSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.actuate.BackgroundJobsHealthIndicator;
import io.backgroundjobs.engine.EngineClock;

/**
 * Auto-configuration for the health indicator {@code backgroundJobs}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("backgroundjobs")
@ConditionalOnSingleCandidate(BackgroundJobScheduler.class)
public final class BackgroundJobHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "backgroundJobsHealthIndicator")
	BackgroundJobsHealthIndicator backgroundJobsHealthIndicator(BackgroundJobScheduler scheduler,
			ObjectProvider<DurableJobs> durableJobs, BackgroundJobProperties properties, ConfiguredJobs configuredJobs,
			ObjectProvider<EngineClock> clocks) {
		ConfiguredHealth health = new ConfiguredHealth(properties.health(), configuredJobs);
		EngineClock clock = clocks.getIfAvailable();
		// What the scheduler's time is, if a test owns it.
		return new BackgroundJobsHealthIndicator(scheduler, durableJobs.getIfUnique(), health.criteria(),
				health::criteria, (clock != null) ? clock::instant : InstantSource.system());
	}

}
