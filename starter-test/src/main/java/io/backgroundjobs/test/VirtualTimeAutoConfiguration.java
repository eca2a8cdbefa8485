package io.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.engine.EngineClock;

/**
 * Makes virtual time the clock of the application's scheduler. Not among the
 * application's own auto-configurations: a test asks for it.
 *
 * @since 1.0.0
 * @see AutoConfigureVirtualTime
 */
@AutoConfiguration
@ConditionalOnMissingBean(EngineClock.class)
public final class VirtualTimeAutoConfiguration {

	@Bean
	VirtualTime virtualTime(@Value("${background-jobs.test.virtual-time.start:2026-01-01T00:00:00Z}") String start,
			@Value("${background-jobs.test.virtual-time.idle-timeout:10s}") Duration idleTimeout) {
		return new VirtualTime(Instant.parse(start), idleTimeout);
	}

	@Bean
	SmartInitializingSingleton virtualTimeWatch(VirtualTime time, ObjectProvider<BackgroundJobScheduler> schedulers) {
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
