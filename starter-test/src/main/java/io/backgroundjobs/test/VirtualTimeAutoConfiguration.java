package io.backgroundjobs.test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;

import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngine;

/**
 * Makes virtual time the clock of the application's scheduler. Not among the
 * application's own auto-configurations: a test asks for it.
 *
 * @since 1.0.0
 * @see AutoConfigureVirtualTime
 */
@AutoConfiguration
@EnableConfigurationProperties(VirtualTimeProperties.class)
@ConditionalOnMissingBean(EngineClock.class)
public final class VirtualTimeAutoConfiguration {

	@Bean
	VirtualTime virtualTime(VirtualTimeProperties properties) {
		return new VirtualTime(properties.start(), properties.idleTimeout());
	}

	@Bean
	SmartInitializingSingleton virtualTimeWatch(VirtualTime time, ObjectProvider<JobEngine> schedulers) {
		return () -> schedulers.forEach(time::watch);
	}

	/**
	 * Published before anything stops, so that the bounds of the shutdown are real.
	 */
	@Bean
	ApplicationListener<ContextClosedEvent> virtualTimeEnd(VirtualTime time, ApplicationContext context) {
		return (event) -> {
			// A child context's event arrives here too
			if (event.getApplicationContext() == context) {
				time.continueInRealTime();
			}
		};
	}

}
