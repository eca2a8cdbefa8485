package io.backgroundjobs.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.actuate.BackgroundJobsEndpoint;
import io.backgroundjobs.actuate.BackgroundJobsEndpointJmxExtension;
import io.backgroundjobs.actuate.BackgroundJobsEndpointWebExtension;

/**
 * Auto-configuration for the endpoint {@code backgroundjobs}, where it is exposed.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(BackgroundJobsEndpoint.class)
@ConditionalOnBean(BackgroundJobScheduler.class)
@EnableConfigurationProperties(BackgroundJobsEndpointProperties.class)
public final class BackgroundJobEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BackgroundJobsEndpoint backgroundJobsEndpoint(BackgroundJobScheduler scheduler,
			ObjectProvider<DurableJobs> durableJobs, ObjectProvider<SanitizingFunction> sanitizingFunctions) {
		return new BackgroundJobsEndpoint(scheduler, durableJobs.getIfUnique(),
				sanitizingFunctions.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = BackgroundJobsEndpoint.class, exposure = EndpointExposure.WEB)
	BackgroundJobsEndpointWebExtension backgroundJobsEndpointWebExtension(BackgroundJobsEndpoint endpoint,
			BackgroundJobsEndpointProperties properties) {
		return new BackgroundJobsEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = BackgroundJobsEndpoint.class, exposure = EndpointExposure.JMX)
	BackgroundJobsEndpointJmxExtension backgroundJobsEndpointJmxExtension(BackgroundJobsEndpoint endpoint,
			BackgroundJobsEndpointProperties properties) {
		return new BackgroundJobsEndpointJmxExtension(endpoint, properties.showValues());
	}

}
