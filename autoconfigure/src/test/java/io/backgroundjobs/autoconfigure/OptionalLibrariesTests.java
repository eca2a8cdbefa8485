package io.backgroundjobs.autoconfigure;

import java.util.List;

import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.Servlet;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;
import reactor.core.publisher.Flux;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.actuate.BackgroundJobsHealthIndicator;
import io.backgroundjobs.engine.CommitHook;
import io.backgroundjobs.observation.ContextPropagator;
import io.backgroundjobs.observation.DurableMeters;
import io.backgroundjobs.observation.JobMeters;
import io.backgroundjobs.observation.MdcPropagator;
import io.backgroundjobs.observation.PoolMeters;
import io.backgroundjobs.observation.TracePropagator;
import io.backgroundjobs.web.JobRejectionAdvice;
import io.backgroundjobs.web.JobRejectionWebExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The starter works whatever else is on the class path.
 */
class OptionalLibrariesTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(BackgroundJobAnnotationAutoConfiguration.class,
			BackgroundJobContextAutoConfiguration.class, BackgroundJobEndpointAutoConfiguration.class,
			BackgroundJobHealthContributorAutoConfiguration.class, BackgroundJobMetricsAutoConfiguration.class,
			BackgroundJobObservationAutoConfiguration.class, BackgroundJobScheduledTasksAutoConfiguration.class,
			BackgroundJobTransactionAutoConfiguration.class, BackgroundJobWebFluxAutoConfiguration.class,
			BackgroundJobWebMvcAutoConfiguration.class, BackgroundJobsAutoConfiguration.class);

	private static final AutoConfigurations METRICS = AutoConfigurations.of(
			CompositeMeterRegistryAutoConfiguration.class, MetricsAutoConfiguration.class,
			SimpleMetricsExportAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(ALL);

	private final WebApplicationContextRunner servletRunner = new WebApplicationContextRunner().withConfiguration(ALL);

	private final ReactiveWebApplicationContextRunner reactiveRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(ALL);

	@Test
	void withEverything() {
		this.runner.withConfiguration(METRICS).run((context) -> {
			assertWorks(context);
			assertThat(context).hasSingleBean(JobMeters.class)
				.hasSingleBean(PoolMeters.class)
				.hasSingleBean(CommitHook.class)
				.hasSingleBean(ContextPropagator.class)
				.hasSingleBean(MdcPropagator.class)
				.hasSingleBean(BackgroundJobsHealthIndicator.class)
				.doesNotHaveBean(DurableMeters.class)
				.doesNotHaveBean(JobRejectionAdvice.class)
				.doesNotHaveBean(JobRejectionWebExceptionHandler.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("background.jobs").tag("name", "answer").timer().count()).isOne();
			assertThat(registry.get("background.jobs.wait").timer().count()).isOne();
			assertThat(registry.get("background.jobs.limit").tag("pool", "default").gauge().value()).isEqualTo(100);
		});
		this.servletRunner.run((context) -> assertThat(context).hasSingleBean(JobRejectionAdvice.class));
		this.reactiveRunner.run((context) -> assertThat(context).hasSingleBean(JobRejectionWebExceptionHandler.class));
	}

	@Test
	void withDurableJobs() {
		DurableJobs durableJobs = mock();
		given(durableJobs.queues()).willReturn(List.of(new DurableQueue("mail", true, 1, 0, 0, 0, null)));
		this.runner.withConfiguration(METRICS).withBean(DurableJobs.class, () -> durableJobs).run((context) -> {
			assertWorks(context);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("background.jobs.durable.unavailable").timeGauge().value()).isZero();
			assertThat(registry.get("background.jobs.durable").tag("state", "pending").gauge().value()).isOne();
		});
		this.runner.withConfiguration(METRICS)
			.withBean("one", DurableJobs.class, () -> durableJobs)
			.withBean("two", DurableJobs.class, () -> durableJobs)
			.run((context) -> {
				assertWorks(context);
				assertThat(context).doesNotHaveBean(DurableMeters.class);
			});
	}

	@Test
	void withoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class, Observation.class)).run((context) -> {
			assertWorks(context);
			assertThat(context).doesNotHaveBean(JobMeters.class).doesNotHaveBean(JobObserver.class);
		});
	}

	@Test
	void withoutActuator() {
		assertWorks(this.runner, new FilteredClassLoader(Endpoint.class, HealthIndicator.class));
	}

	@Test
	void withoutHealth() {
		this.runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class)).run((context) -> {
			assertWorks(context);
			assertThat(context).doesNotHaveBean("backgroundJobsHealthIndicator");
		});
	}

	@Test
	void withHealthAndWithoutTheRestOfActuator() {
		this.runner.withClassLoader(new FilteredClassLoader(Endpoint.class)).run((context) -> {
			assertWorks(context);
			assertThat(context).hasSingleBean(BackgroundJobsHealthIndicator.class);
		});
	}

	@Test
	void withoutAWebServer() {
		assertWorks(this.runner, new FilteredClassLoader(WebServerApplicationContext.class));
	}

	@Test
	void withoutReactor() {
		assertWorks(this.runner, new FilteredClassLoader(Flux.class.getPackageName(), "reactor"));
	}

	@Test
	void withoutContextPropagation() {
		this.runner.withClassLoader(new FilteredClassLoader(ContextRegistry.class.getPackageName())).run((context) -> {
			assertWorks(context);
			assertThat(context).doesNotHaveBean(ContextPropagator.class).hasSingleBean(MdcPropagator.class);
		});
	}

	@Test
	void withoutTracing() {
		ApplicationContextRunner traced = this.runner.withBean(Tracer.class, () -> Tracer.NOOP);
		traced.run((context) -> assertThat(context).hasSingleBean(TracePropagator.class));
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(TracePropagator.class));
		this.runner.withClassLoader(new FilteredClassLoader(Tracer.class)).run((context) -> {
			assertWorks(context);
			assertThat(context).doesNotHaveBean("backgroundJobTracePropagator");
		});
	}

	@Test
	void withoutTransactions() {
		this.runner.withClassLoader(new FilteredClassLoader(TransactionSynchronizationManager.class)).run((context) -> {
			assertWorks(context);
			assertThat(context).doesNotHaveBean(CommitHook.class);
		});
	}

	@Test
	void withoutSpringMvc() {
		this.runner.withClassLoader(new FilteredClassLoader(DispatcherServlet.class, Servlet.class))
			.run(OptionalLibrariesTests::assertWorks);
		this.reactiveRunner.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run(OptionalLibrariesTests::assertWorks);
	}

	@Test
	void withoutSpringWebFlux() {
		this.servletRunner.withClassLoader(new FilteredClassLoader(DispatcherHandler.class))
			.run(OptionalLibrariesTests::assertWorks);
	}

	private static void assertWorks(AbstractApplicationContextRunner<?, ?, ?> runner, FilteredClassLoader classLoader) {
		runner.withClassLoader(classLoader)
			.run((context) -> assertWorks((ApplicationContextAssertProvider<?>) context));
	}

	private static void assertWorks(ApplicationContextAssertProvider<?> context) throws InterruptedException {
		assertThat(context.getStartupFailure()).isNull();
		assertThat(
				((ConfigurableApplicationContext) context).getBean(JobSpawner.class).spawn("answer", () -> 42).await())
			.isEqualTo(42);
	}

}
