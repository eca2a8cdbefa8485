package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.PoolResource;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.ClusterJobs;
import io.backgroundjobs.engine.CommitHook;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

/**
 * The beans that make a scheduler, and those that are one.
 */
final class SchedulerBeans {

	private final ListableBeanFactory beans;

	SchedulerBeans(ListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Return the schedulers of this context, without those of its parent: these are
	 * started and stopped there. What is no engine, such as a mock, is left alone.
	 * @return the engines; usually one
	 */
	List<JobEngine> engines() {
		List<JobEngine> engines = new ArrayList<>();
		for (BackgroundJobScheduler scheduler : this.beans.getBeansOfType(BackgroundJobScheduler.class).values()) {
			if (scheduler instanceof JobEngine engine) {
				engines.add(engine);
			}
		}
		return engines;
	}

	/**
	 * Make a scheduler of the application's beans, each kind in its order.
	 * @param properties the settings
	 * @param configured what the properties change about jobs
	 * @param environment says whether virtual threads are wanted
	 * @return a new scheduler
	 */
	JobEngine build(BackgroundJobProperties properties, ConfiguredJobs configured, Environment environment) {
		BackgroundJobProperties.Shutdown shutdown = properties.shutdown();
		JobEngineBuilder builder = new JobEngineBuilder()
			.taskScheduler(ClockRequirements.find(this.beans, BackgroundJobsAutoConfiguration.CLOCK))
			.ticking(properties.enabled())
			.preferVirtualThreads(Threading.VIRTUAL.isActive(environment))
			.minimumInterval(properties.minimumInterval())
			.historySize(properties.history().size())
			.shutdown(shutdown.waitTimeout(), shutdown.shieldTimeout(), shutdown.closeTimeout());
		if (!configured.isEmpty()) {
			builder.overrides(new PropertyOverrides(configured));
		}
		new ConfiguredPools(ordered(PoolSpec.class), properties.pools()).specs().forEach(builder::pool);
		ordered(PoolResource.class).forEach(builder::resource);
		ordered(JobListener.class).forEach(builder::listener);
		ordered(JobExceptionHandler.class).forEach(builder::exceptionHandler);
		ordered(JobRecorder.class).forEach(builder::recorder);
		ordered(JobContextPropagator.class).forEach(builder::propagator);
		this.beans.getBeanProvider(JobObserver.class).ifAvailable(builder::observer);
		this.beans.getBeanProvider(CommitHook.class).ifAvailable(builder::commitHook);
		this.beans.getBeanProvider(EngineClock.class).ifAvailable(builder::clock);
		// Asked when there is such a job: it needs the scheduler itself.
		builder.cluster(() -> this.beans.getBeanProvider(ClusterJobs.class).getIfAvailable());
		return builder.build();
	}

	private <T> List<T> ordered(Class<T> type) {
		return this.beans.getBeanProvider(type).orderedStream().toList();
	}

}
