package io.backgroundjobs.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

/**
 * Gives a {@code @WebMvcTest} or {@code @WebFluxTest} slice the scheduler that its
 * controllers inject, in a mode where a spawn runs before it returns. Backs off where the
 * test brings a {@link JobSpawner} of its own.
 *
 * @since 1.0.0
 * @see InlineJobs
 */
@AutoConfiguration(after = VirtualTimeAutoConfiguration.class,
		afterName = "io.backgroundjobs.autoconfigure.BackgroundJobsAutoConfiguration")
@EnableConfigurationProperties(VirtualTimeProperties.class)
@ConditionalOnMissingBean(JobSpawner.class)
public final class InlineJobsAutoConfiguration {

	// So many places that jobs that wait for the jobs that they spawn do not run out
	private static final int LIMIT = 10_000;

	@Bean
	InlineJobs inlineJobs() {
		return new InlineJobs();
	}

	@Bean(initMethod = "start")
	JobEngine backgroundJobScheduler(InlineJobs inlineJobs, Environment environment, ObjectProvider<EngineClock> clock,
			ObjectProvider<PoolSpec> pools, ObjectProvider<JobListener> listeners,
			ObjectProvider<JobExceptionHandler> exceptionHandlers, VirtualTimeProperties properties) {
		JobEngineBuilder builder = new JobEngineBuilder();
		builder.pool(roomy(PoolSpec.DEFAULT_NAME));
		pools.forEach((pool) -> builder.pool(roomy(pool.name())));
		Binder.get(environment)
			.bind("background-jobs.pools", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of())
			.keySet()
			.forEach((pool) -> builder.pool(roomy(pool)));
		clock.ifAvailable(builder::clock);
		listeners.orderedStream().forEach(builder::listener);
		exceptionHandlers.orderedStream().forEach(builder::exceptionHandler);
		return inline(builder.build(), inlineJobs, properties.idleTimeout());
	}

	private static PoolSpec roomy(String name) {
		return PoolSpec.named(name).withLimit(LIMIT);
	}

	private static JobEngine inline(JobEngine engine, InlineJobs inlineJobs, Duration idleTimeout) {
		IdleWait idleWait = new IdleWait(List.of(engine), idleTimeout);
		ProxyFactory proxy = new ProxyFactory(JobEngine.class, new InlineInterceptor(engine, inlineJobs, idleWait));
		proxy.setTarget(engine);
		return (JobEngine) proxy.getProxy(JobEngine.class.getClassLoader());
	}

}
