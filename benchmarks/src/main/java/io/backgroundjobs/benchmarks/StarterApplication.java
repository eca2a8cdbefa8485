package io.backgroundjobs.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that has the starter and nothing else.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StarterApplication {

	@Bean
	@ConditionalOnBooleanProperty("benchmark.meters")
	SimpleMeterRegistry meterRegistry() {
		return new SimpleMeterRegistry();
	}

}
