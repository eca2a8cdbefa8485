package io.backgroundjobs.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.backgroundjobs.observation.BoundedJobNames;

/**
 * What meters and observations share.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BackgroundJobProperties.class)
class JobNamesConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BoundedJobNames backgroundJobNames(BackgroundJobProperties properties) {
		return new BoundedJobNames(properties.metrics().maxNames());
	}

}
