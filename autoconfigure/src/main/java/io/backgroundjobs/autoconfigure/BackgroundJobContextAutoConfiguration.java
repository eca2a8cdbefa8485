package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.tracing.Tracer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.backgroundjobs.observation.ContextPropagator;
import io.backgroundjobs.observation.MdcPropagator;
import io.backgroundjobs.observation.TracePropagator;

/**
 * Auto-configuration for the context that jobs take over from the thread that spawned
 * them.
 *
 * @since 1.0.0
 */
@AutoConfiguration(before = BackgroundJobsAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration")
@EnableConfigurationProperties(BackgroundJobProperties.class)
public final class BackgroundJobContextAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(BackgroundJobContextAutoConfiguration.class);

	/** The key by which the MDC is left out, beside those of accessors. */
	static final String MDC = "mdc";

	/**
	 * After the accessors, one of which may write to the MDC: a tracer's does.
	 */
	private static final int AFTER_ACCESSORS = 100;

	/**
	 * After the MDC too, which would remove the entries of the tracer.
	 */
	private static final int AFTER_MDC = 200;

	@Bean
	@ConditionalOnMissingBean
	@Order(AFTER_ACCESSORS)
	MdcPropagator backgroundJobMdcPropagator(BackgroundJobProperties properties) {
		return new MdcPropagator(!properties.context().exclude().contains(MDC));
	}

	/**
	 * With Micrometer's context propagation.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextRegistry.class)
	static class ContextPropagationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@Order(0)
		ContextPropagator backgroundJobContextPropagator(BackgroundJobProperties properties,
				ObjectProvider<ThreadLocalAccessor<?>> accessors) {
			List<ThreadLocalAccessor<?>> beans = new ArrayList<>(accessors.orderedStream().toList());
			Set<String> excluded = properties.context().exclude();
			ContextPropagator propagator = ContextPropagator.create(beans, excluded);
			warnOfUnknown(excluded, propagator.keys());
			return propagator;
		}

		/**
		 * No reason to fail: a slice of the application, as in a test, may lack the bean
		 * whose key it is.
		 */
		private static void warnOfUnknown(Set<String> excluded, Set<String> known) {
			Set<String> unknown = new TreeSet<>(excluded);
			unknown.removeAll(known);
			unknown.remove(MDC);
			if (!unknown.isEmpty()) {
				logger.warn("background-jobs.context.exclude names {}, but no accessor has such a key, and nothing is "
						+ "left out for it. The keys are '{}' and {}", unknown, MDC, known);
			}
		}

	}

	/**
	 * With Micrometer's tracing.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Tracer.class)
	@ConditionalOnBean(Tracer.class)
	static class TracingConfiguration {

		/** The key of the observation, which is what carries traces within a process. */
		private static final String OBSERVATION = "micrometer.observation";

		@Bean
		@ConditionalOnMissingBean
		@Order(AFTER_MDC)
		TracePropagator backgroundJobTracePropagator(Tracer tracer, BackgroundJobProperties properties) {
			return new TracePropagator(tracer, !properties.context().exclude().contains(OBSERVATION));
		}

	}

}
