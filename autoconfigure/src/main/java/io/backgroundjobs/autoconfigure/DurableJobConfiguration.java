package io.backgroundjobs.autoconfigure;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.annotation.JobCatalog;
import io.backgroundjobs.durable.DurableJobRegistrar;

/**
 * Beans of type {@link DurableJob}. Also where nothing can keep them, which is to fail
 * the start.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(DurableJob.class)
class DurableJobConfiguration {

	@Bean
	DurableJobRegistrar backgroundJobDurableJobRegistrar(ConfigurableListableBeanFactory beanFactory,
			JobCatalog catalog) {
		return new DurableJobRegistrar(beanFactory, new RequiredJobStore(beanFactory), catalog::add);
	}

}
