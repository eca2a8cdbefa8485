package io.backgroundjobs.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.annotation.AnnotatedJobRegistrar;
import io.backgroundjobs.annotation.AnnotatedMethodPostProcessor;
import io.backgroundjobs.annotation.JobCatalog;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;
import io.backgroundjobs.engine.JobStore;

/**
 * Auto-configuration for beans that declare jobs. A child context has all of this too,
 * for its own beans, and hands them to its parent's scheduler.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class)
@ConditionalOnBean(BackgroundJobScheduler.class)
@Import(DurableJobConfiguration.class)
public final class BackgroundJobAnnotationAutoConfiguration {

	// By class unless the application wants proxies by interface, as Boot's own do it.
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static AnnotatedMethodPostProcessor backgroundJobPostProcessor(ObjectProvider<JobEngine> engine,
			ObjectProvider<JobStore> store, Environment environment) {
		AnnotatedMethodPostProcessor postProcessor = new AnnotatedMethodPostProcessor(engine, store);
		postProcessor
			.setProxyTargetClass(environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
		return postProcessor;
	}

	@Bean
	static LazyInitializationExcludeFilter backgroundJobLazyInitializationExcludeFilter() {
		return (name, definition, type) -> AnnotatedJobRegistrar.isPeriodicJob(definition, type);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	JobCatalog backgroundJobCatalog() {
		return new JobCatalog();
	}

	@Bean
	AnnotatedJobRegistrar backgroundJobRegistrar(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<BackgroundJobScheduler> schedulers, JobCatalog catalog) {
		return new AnnotatedJobRegistrar(beanFactory, engine(schedulers), new RequiredJobStore(beanFactory), catalog);
	}

	/**
	 * Where a test has put a mock in the scheduler's place, annotations are still
	 * checked, and nothing runs.
	 */
	private static JobEngine engine(ObjectProvider<BackgroundJobScheduler> schedulers) {
		return (schedulers.getIfAvailable() instanceof JobEngine engine) ? engine : new JobEngineBuilder().build();
	}

}
