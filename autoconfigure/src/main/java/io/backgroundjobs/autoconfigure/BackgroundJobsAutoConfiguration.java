package io.backgroundjobs.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.ExecutorGoneEvent;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.engine.JobEngine;

/**
 * Auto-configuration for the scheduler, its clock, its start and its stop. Ordered after
 * Boot's own for tasks, which would back off from a task scheduler that they find.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = { TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class })
@EnableConfigurationProperties(BackgroundJobProperties.class)
public final class BackgroundJobsAutoConfiguration {

	/** The name of the bean that is the jobs' clock. */
	static final String CLOCK = "backgroundJobTaskScheduler";

	// Needed before most other beans exist, and not worth their post-processing.
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static StrictBinding backgroundJobStrictBinding() {
		return new StrictBinding();
	}

	@Bean
	ConfiguredJobs backgroundJobConfiguredJobs(Environment environment) {
		return new ConfiguredJobs(environment);
	}

	@Bean
	IntakeLifecycle backgroundJobIntakeLifecycle(ListableBeanFactory beans, ConfiguredJobs configuredJobs,
			@Qualifier(CLOCK) ObjectProvider<ThreadPoolTaskScheduler> clock, ApplicationContext context) {
		return new IntakeLifecycle(new SchedulerBeans(beans).engines(), configuredJobs, clock, context);
	}

	@Bean
	TriggerLifecycle backgroundJobTriggerLifecycle(ListableBeanFactory beans) {
		return new TriggerLifecycle(new SchedulerBeans(beans).engines());
	}

	/**
	 * The scheduler, unless the application or a parent context has one.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(BackgroundJobScheduler.class)
	static class SchedulerConfiguration {

		// No candidate for an injection by type: the application's own stays the only
		// one.
		@Bean(name = CLOCK, defaultCandidate = false)
		@Qualifier(CLOCK)
		@ConditionalOnMissingBean(name = CLOCK)
		ThreadPoolTaskScheduler backgroundJobTaskScheduler() {
			return new ClockScheduler();
		}

		// Closed at the end too, for a context that fails before its lifecycles start.
		@Bean(destroyMethod = "close")
		@DependsOn(CLOCK)
		JobEngine backgroundJobScheduler(ListableBeanFactory beans, BackgroundJobProperties properties,
				ConfiguredJobs configuredJobs, Environment environment) {
			return new SchedulerBeans(beans).build(properties, configuredJobs, environment);
		}

		@Bean
		ShutdownBudgetCheck backgroundJobShutdownBudgetCheck(BackgroundJobProperties properties,
				Environment environment, ListableBeanFactory beans) {
			return new ShutdownBudgetCheck(properties.shutdown(), environment, beans);
		}

		@Bean
		JobListener backgroundJobEventPublisher(ApplicationEventPublisher publisher) {
			return new JobListener() {

				@Override
				public void executorGone(PeriodicJobHandle handle) {
					publisher.publishEvent(new ExecutorGoneEvent(handle));
				}

			};
		}

	}

}
