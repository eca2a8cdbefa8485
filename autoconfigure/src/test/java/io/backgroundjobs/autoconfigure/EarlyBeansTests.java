package io.backgroundjobs.autoconfigure;

import java.util.Set;
import java.util.stream.StreamSupport;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.PoolResource;
import io.backgroundjobs.PoolSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The starter creates no bean before its time, and no thread before the first job.
 */
@ExtendWith(OutputCaptureExtension.class)
class EarlyBeansTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ours()))
		.withUserConfiguration(Application.class);

	@Test
	void noBeanIsCreatedBeforeAllPostProcessorsAreThere(CapturedOutput output) {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(BackgroundJobScheduler.class);
			assertThat(output).doesNotContain("is not eligible for getting processed by all BeanPostProcessors");
		});
	}

	@Test
	void noThreadIsThereBeforeTheFirstJob() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.runner.run((context) -> {
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.contains("job"));
			context.getBean(JobSpawner.class).spawn("first", () -> 1).await();
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
				.extracting(Thread::getName)
				.anyMatch((name) -> name.contains("job"));
		});
	}

	private static Class<?>[] ours() {
		ClassLoader classLoader = EarlyBeansTests.class.getClassLoader();
		ImportCandidates candidates = ImportCandidates.load(AutoConfiguration.class, classLoader);
		return StreamSupport.stream(candidates.spliterator(), false)
			.filter((name) -> name.startsWith("io.backgroundjobs."))
			.map((name) -> ClassUtils.resolveClassName(name, classLoader))
			.toArray(Class<?>[]::new);
	}

	/**
	 * An application with a bean of each kind that the starter asks for.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		ObservationRegistry observationRegistry() {
			return ObservationRegistry.create();
		}

		@Bean
		JobListener listener() {
			return mock(JobListener.class);
		}

		@Bean
		JobExceptionHandler exceptionHandler() {
			return mock(JobExceptionHandler.class);
		}

		@Bean
		PoolSpec pool() {
			return PoolSpec.named("mail");
		}

		@Bean
		PoolResource resource() {
			PoolResource resource = mock(PoolResource.class);
			given(resource.pool()).willReturn("mail");
			return resource;
		}

		@Bean
		Work work(JobSpawner jobs) {
			return new Work();
		}

	}

	static class Work {

		@BackgroundJob
		void inTheBackground() {
		}

	}

}
