package io.backgroundjobs.test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

import io.backgroundjobs.engine.JobEngine;

/**
 * Gives each test with a scheduler a {@link JobTester}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(afterName = "io.backgroundjobs.autoconfigure.BackgroundJobsAutoConfiguration",
		after = InlineJobsAutoConfiguration.class)
@EnableConfigurationProperties(VirtualTimeProperties.class)
@ConditionalOnSingleCandidate(JobEngine.class)
public final class JobTesterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobTester jobTester(JobEngine scheduler, ObjectProvider<VirtualTime> time, VirtualTimeProperties properties) {
		return new JobTester(scheduler, time.getIfAvailable(), properties.idleTimeout());
	}

}
