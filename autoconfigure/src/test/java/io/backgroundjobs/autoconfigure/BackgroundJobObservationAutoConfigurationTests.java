package io.backgroundjobs.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.observation.BackgroundJobObservationContext;
import io.backgroundjobs.observation.BackgroundJobObservationConvention;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.DefaultBackgroundJobObservationConvention;
import io.backgroundjobs.observation.JobObservations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.RETURNS_MOCKS;
import static org.mockito.Mockito.mock;

/**
 * Jobs are observed where somebody looks, and nowhere else.
 */
class BackgroundJobObservationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
				BackgroundJobMetricsAutoConfiguration.class, BackgroundJobObservationAutoConfiguration.class,
				ObservationAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	private final ApplicationContextRunner tracingRunner = this.runner.withConfiguration(
			AutoConfigurations.of(MicrometerTracingAutoConfiguration.class, NoopTracerAutoConfiguration.class));

	@Test
	void metersAloneDoNotObserve() {
		this.runner.run((context) -> assertThat(observations(context)).isZero());
	}

	@Test
	void tracerObserves() {
		this.tracingRunner.withBean(Tracer.class, () -> mock(RETURNS_MOCKS))
			.withUserConfiguration(Tracing.class)
			.run((context) -> {
				context.getBean(JobSpawner.class).spawn("job", () -> 42).await();
				assertThat(context.getBean(Tracing.class).started).containsExactly("background.job");
			});
	}

	@Test
	void tracerThatDoesNothingDoesNotObserve() {
		this.tracingRunner.run((context) -> {
			assertThat(context).hasSingleBean(Tracer.class);
			assertThat(observations(context)).isZero();
		});
	}

	@Test
	void handlerOfTheApplicationObserves() {
		this.runner.withBean(NamesHandler.class).run((context) -> {
			assertThat(observations(context)).isOne();
			assertThat(context.getBean(NamesHandler.class).names).containsExactly("background.job");
		});
	}

	@Test
	void handlerOfSomethingElseDoesNotObserve() {
		this.runner.withBean(OtherHandler.class).run((context) -> assertThat(observations(context)).isZero());
	}

	@Test
	void conventionOfTheApplicationObservesAndReplacesOurs() {
		this.runner
			.withBean(BackgroundJobObservationConvention.class,
					() -> new DefaultBackgroundJobObservationConvention("our.job"))
			.run((context) -> {
				assertThat(observations(context)).isZero();
				assertThat(context.getBean(MeterRegistry.class).get("our.job").tag("job.name", "job").timer().count())
					.isOne();
			});
	}

	@Test
	void propertyOfBootSwitchesItOff() {
		this.runner.withBean(NamesHandler.class)
			.withPropertyValues("management.observations.enable.background.job=false")
			.run((context) -> {
				assertThat(observations(context)).isZero();
				assertThat(context.getBean(NamesHandler.class).names).isEmpty();
			});
	}

	@Test
	void metersOfJobsStayWithoutTheTimerOfTheObservation() {
		this.runner.withBean(NamesHandler.class)
			.withPropertyValues("management.metrics.enable.background.job=false")
			.run((context) -> {
				assertThat(observations(context)).isZero();
				assertThat(context.getBean(NamesHandler.class).names).hasSize(1);
				assertThat(context.getBean(MeterRegistry.class).get("background.jobs").timer().count()).isOne();
			});
	}

	@Test
	void namesBeyondTheLimitAreOtherInMetersAndObservationsAlike() {
		this.runner.withBean(NamesHandler.class)
			.withPropertyValues("background-jobs.metrics.max-names=0")
			.run((context) -> {
				assertThat(context).hasSingleBean(BoundedJobNames.class);
				assertThat(observations(context)).isOne();
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(meters.get("background.job").timer().getId().getTag("job.name")).isEqualTo("other");
				assertThat(meters.get("background.jobs").timer().getId().getTag("name")).isEqualTo("other");
			});
	}

	@Test
	void observerOfTheApplicationReplacesOurs() {
		JobObserver observer = mock();
		given(observer.start(any())).willReturn(null);
		this.runner.withBean(NamesHandler.class).withBean(JobObserver.class, () -> observer).run((context) -> {
			assertThat(context).doesNotHaveBean(JobObservations.class);
			assertThat(observations(context)).isZero();
		});
	}

	@Test
	void withoutARegistryThereIsNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
					BackgroundJobObservationAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobObserver.class));
	}

	@Test
	void withoutMetersAndTracingAHandlerObserves() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
					BackgroundJobObservationAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.micrometer.core", "io.micrometer.tracing"))
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withBean(NamesHandler.class)
			.run((context) -> {
				NamesHandler handler = context.getBean(NamesHandler.class);
				context.getBean(ObservationRegistry.class).observationConfig().observationHandler(handler);
				context.getBean(JobSpawner.class).spawn("job", () -> 42).await();
				assertThat(handler.names).containsExactly("background.job");
			});
	}

	/**
	 * Run a job, and count what Boot's handler of meters has seen of it.
	 */
	private static long observations(ApplicationContext context) throws InterruptedException {
		Job<Integer> job = context.getBean(JobSpawner.class).spawn("job", () -> 42);
		assertThat(job.await()).isEqualTo(42);
		assertThat(job.outcome()).isEqualTo(JobOutcome.SUCCEEDED);
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		return registry.find("background.job").timers().stream().mapToLong((timer) -> timer.count()).sum();
	}

	@Configuration(proxyBeanMethods = false)
	static class Tracing {

		private final List<String> started = new CopyOnWriteArrayList<>();

		// Before Boot's own, as the first handler that wants an observation has it.
		@Bean
		@Order(0)
		TracingObservationHandler<BackgroundJobObservationContext> tracingHandler(Tracer tracer) {
			return new TracingObservationHandler<>() {

				@Override
				public Tracer getTracer() {
					return tracer;
				}

				@Override
				public void onStart(BackgroundJobObservationContext context) {
					Tracing.this.started.add(context.getName());
				}

				@Override
				public void onScopeOpened(BackgroundJobObservationContext context) {
					// makes no spans
				}

				@Override
				public void onScopeClosed(BackgroundJobObservationContext context) {
					// makes no spans
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof BackgroundJobObservationContext;
				}

			};
		}

	}

	static class NamesHandler implements ObservationHandler<Observation.Context> {

		private final List<String> names = new CopyOnWriteArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			this.names.add(context.getName());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

	static class OtherHandler implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof Event;
		}

	}

	static class Event extends Observation.Context {

	}

}
