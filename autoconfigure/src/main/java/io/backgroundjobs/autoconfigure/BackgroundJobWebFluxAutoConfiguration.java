package io.backgroundjobs.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.DispatcherHandler;

import io.backgroundjobs.web.JobRejectionProblem;
import io.backgroundjobs.web.JobRejectionWebExceptionHandler;

/**
 * Auto-configuration for what Spring WebFlux answers when a job was not accepted. Ordered
 * before Boot's handler of all errors, which has the same precedence.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class,
		beforeName = "org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration")
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableConfigurationProperties(BackgroundJobProperties.class)
public final class BackgroundJobWebFluxAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobRejectionWebExceptionHandler backgroundJobRejectionWebExceptionHandler(BackgroundJobProperties properties,
			ObjectProvider<ServerCodecConfigurer> codecs) {
		ServerCodecConfigurer configurer = codecs.getIfAvailable(ServerCodecConfigurer::create);
		return new JobRejectionWebExceptionHandler(new JobRejectionProblem(properties.web().retryAfter()),
				configurer.getWriters());
	}

}
