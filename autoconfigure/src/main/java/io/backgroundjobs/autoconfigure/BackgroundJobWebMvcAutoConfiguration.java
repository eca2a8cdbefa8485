package io.backgroundjobs.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

import io.backgroundjobs.web.JobRejectionAdvice;
import io.backgroundjobs.web.JobRejectionProblem;

/**
 * Auto-configuration for what Spring MVC answers when a job was not accepted.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(BackgroundJobProperties.class)
public final class BackgroundJobWebMvcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	JobRejectionAdvice backgroundJobRejectionAdvice(BackgroundJobProperties properties) {
		return new JobRejectionAdvice(new JobRejectionProblem(properties.web().retryAfter()));
	}

}
