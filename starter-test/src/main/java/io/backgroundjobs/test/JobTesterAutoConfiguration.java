package io.backgroundjobs.test;

import java.time.Duration;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

import io.backgroundjobs.BackgroundJobScheduler;

/**
 * Gives each test with a scheduler a {@link JobTester}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(afterName = "io.backgroundjobs.autoconfigure.BackgroundJobsAutoConfiguration",
		after = InlineJobsAutoConfiguration.class)
@ConditionalOnSingleCandidate(BackgroundJobScheduler.class)
public final class JobTesterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobTester jobTester(BackgroundJobScheduler scheduler, ObjectProvider<VirtualTime> time,
			@Value("${background-jobs.test.virtual-time.idle-timeout:10s}") Duration idleTimeout) {
		return new JobTester(scheduler, time.getIfAvailable(), idleTimeout);
	}

}
