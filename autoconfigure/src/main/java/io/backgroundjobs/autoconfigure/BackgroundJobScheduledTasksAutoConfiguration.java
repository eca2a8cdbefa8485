package io.backgroundjobs.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.actuate.PeriodicJobTasks;

/**
 * Auto-configuration for the periodic jobs in Boot's endpoint {@code scheduledtasks},
 * where that is exposed.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class)
@ConditionalOnClass({ ScheduledTasksEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(ScheduledTasksEndpoint.class)
@ConditionalOnBean(BackgroundJobScheduler.class)
public final class BackgroundJobScheduledTasksAutoConfiguration {

	// The endpoint takes all holders; whoever injects one gets Spring's own, if there is
	// one.
	@Bean
	@Fallback
	@ConditionalOnMissingBean
	PeriodicJobTasks backgroundJobPeriodicJobTasks(BackgroundJobScheduler scheduler) {
		return new PeriodicJobTasks(scheduler);
	}

}
