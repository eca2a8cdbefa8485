package io.backgroundjobs.process.jobs;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.process.work.Journal;

/**
 * Two beans of the phase 0: one needs the scheduler, the other the lifecycle that drains
 * it. Spring stops the second one first, and must not cut the drain short for it.
 */
@Configuration(proxyBeanMethods = false)
class LowerPhaseConfiguration {

	@Bean
	LowerPhase needsTheScheduler(BackgroundJobScheduler jobs, Journal journal) {
		return new LowerPhase("needs-the-scheduler", jobs, journal);
	}

	@Bean
	@DependsOn("backgroundJobIntakeLifecycle")
	LowerPhase needsTheLifecycle(BackgroundJobScheduler jobs, Journal journal) {
		return new LowerPhase("needs-the-lifecycle", jobs, journal);
	}

}
