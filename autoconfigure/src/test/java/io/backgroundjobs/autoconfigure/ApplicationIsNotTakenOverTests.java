package io.backgroundjobs.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing of an application changes when the starter is added.
 */
class ApplicationIsNotTakenOverTests {

	// The order of the names: ours sorts before Boot's.
	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(BackgroundJobsAutoConfiguration.class, BackgroundJobAnnotationAutoConfiguration.class,
					TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class));

	@Test
	void taskExecutorOfBootStays() {
		this.runner.run((context) -> assertThat(context).hasBean("applicationTaskExecutor")
			.hasBean("backgroundJobTaskScheduler")
			.doesNotHaveBean("taskScheduler"));
	}

	@Test
	void asyncMethodsRunOnTheExecutorOfBoot() {
		this.runner.withUserConfiguration(Asynchronous.class)
			.run((context) -> assertThat(context.getBean(Work.class).async().get(10, TimeUnit.SECONDS))
				.startsWith("task-"));
	}

	@Test
	void scheduledMethodsRunOnTheSchedulerOfBoot() {
		this.runner.withUserConfiguration(Scheduling.class)
			.run((context) -> assertThat(context.getBean(Work.class).scheduled.get(10, TimeUnit.SECONDS))
				.startsWith("scheduling-"));
	}

	@Test
	void injectionOfAnExecutorByTypeIsUnambiguous() {
		this.runner.withUserConfiguration(InjectsExecutor.class)
			.run((context) -> assertThat(context.getBean(Injected.class).bean())
				.isSameAs(context.getBean("applicationTaskExecutor")));
	}

	@Test
	void injectionOfATaskSchedulerByTypeIsUnambiguous() {
		this.runner.withUserConfiguration(Scheduling.class, InjectsScheduler.class)
			.run((context) -> assertThat(context.getBean(Injected.class).bean())
				.isSameAs(context.getBean("taskScheduler")));
	}

	@Test
	void clockIsInjectedWhereItsQualifierAsksForIt() {
		this.runner.withUserConfiguration(Scheduling.class, InjectsClock.class)
			.run((context) -> assertThat(context.getBean(Injected.class).bean())
				.isSameAs(context.getBean("backgroundJobTaskScheduler")));
	}

	@Test
	void schedulingIsNotEnabledByUs() {
		this.runner.withBean(Work.class)
			.run((context) -> assertThat(context.getBean(Work.class).scheduled).isNotDone());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

		@Bean
		Work work() {
			return new Work();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		Work scheduledWork() {
			return new Work();
		}

	}

	static class Work {

		final CompletableFuture<String> scheduled = new CompletableFuture<>();

		@Async
		CompletableFuture<String> async() {
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

		@Scheduled(fixedRate = 1, timeUnit = TimeUnit.HOURS)
		void scheduled() {
			this.scheduled.complete(Thread.currentThread().getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectsExecutor {

		@Bean
		Injected injected(AsyncTaskExecutor some) {
			return new Injected(some);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectsScheduler {

		@Bean
		Injected injected(TaskScheduler some) {
			return new Injected(some);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectsClock {

		@Bean
		Injected injected(@Qualifier("backgroundJobTaskScheduler") TaskScheduler some) {
			return new Injected(some);
		}

	}

	record Injected(Object bean) {
	}

}
