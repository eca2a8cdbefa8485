package io.backgroundjobs.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
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
	void injectionByTypeIsUnambiguous() {
		this.runner.withUserConfiguration(Asynchronous.class, Scheduling.class, ByType.class).run((context) -> {
			ByType.Injected injected = context.getBean(ByType.Injected.class);
			assertThat(injected.executor).isSameAs(context.getBean("applicationTaskExecutor"));
			assertThat(injected.asyncExecutor).isSameAs(context.getBean("applicationTaskExecutor"));
			assertThat(injected.scheduler).isSameAs(context.getBean("taskScheduler"));
		});
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
		Work work() {
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
	static class ByType {

		@Bean
		Injected injected(TaskExecutor someExecutor, AsyncTaskExecutor other, TaskScheduler someScheduler) {
			return new Injected(someExecutor, other, someScheduler);
		}

		record Injected(Executor executor, Executor asyncExecutor, TaskScheduler scheduler) {
		}

	}

}
