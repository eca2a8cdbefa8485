package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.actuate.BackgroundJobsHealthIndicator;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngineBuilder;
import io.backgroundjobs.engine.ManualClock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * From the properties to the status.
 */
class BackgroundJobHealthContributorAutoConfigurationTests {

	private static final Duration DAY = Duration.ofDays(1);

	private static final PeriodicJobSpec REPORT = PeriodicJobSpec.named("nightly-report").every(DAY).initialDelay(DAY);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(BackgroundJobsAutoConfiguration.class, BackgroundJobHealthContributorAutoConfiguration.class));

	@Test
	void indicatorIsThereAndSaysUp() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(BackgroundJobsHealthIndicator.class)
				.hasBean("backgroundJobsHealthIndicator");
			assertThat(health(context)).isEqualTo(Health.up().build());
		});
	}

	@ParameterizedTest
	@CsvSource({ "management.health.backgroundjobs.enabled", "management.health.defaults.enabled" })
	void indicatorCanBeSwitchedOff(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).doesNotHaveBean(BackgroundJobsHealthIndicator.class));
	}

	@Test
	void indicatorOfTheApplicationsOwnTakesItsPlace() {
		this.runner.withBean("backgroundJobsHealthIndicator", HealthIndicator.class, () -> Health.unknown()::build)
			.run((context) -> assertThat(context).doesNotHaveBean(BackgroundJobsHealthIndicator.class));
	}

	@Test
	void indicatorIsNotThereWhereItCannotKnowWhichSchedulerIsMeant() {
		this.runner.withBean("one", BackgroundJobScheduler.class, () -> new JobEngineBuilder().build())
			.withBean("two", BackgroundJobScheduler.class, () -> new JobEngineBuilder().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BackgroundJobsHealthIndicator.class));
	}

	@Test
	void byDefaultThreeFailuresAreADetail() {
		this.runner.run((context) -> {
			fail(context, 2);
			assertThat(health(context)).isEqualTo(Health.up().build());
			fail(context, 1);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).containsOnlyKeys("failing");
		});
	}

	@Test
	void propertiesSayWhatMakesDown() {
		this.runner
			.withPropertyValues("background-jobs.health.down-on=failing,stuck", "background-jobs.health.failures=1")
			.run((context) -> {
				fail(context, 1);
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			});
	}

	@Test
	void databaseThatDoesNotAnswerMakesDownWhereItIsNamed() {
		DurableJobs durableJobs = mock();
		given(durableJobs.unavailableSince()).willReturn(Instant.now());
		ApplicationContextRunner durable = this.runner.withBean(DurableJobs.class, () -> durableJobs);
		durable.run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).containsOnlyKeys("unavailable");
		});
		durable.withPropertyValues("background-jobs.health.down-on=unavailable")
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
	}

	@Test
	void propertiesOfTheJobGoBefore() {
		this.runner
			.withPropertyValues("background-jobs.health.down-on=failing", "background-jobs.health.failures=1",
					"background-jobs.jobs.nightly-report.optional=true",
					"background-jobs.jobs.nightly-report.health.down-on=")
			.run((context) -> {
				fail(context, 1);
				assertThat(health(context).getStatus()).isEqualTo(Status.UP);
				assertThat(health(context).getDetails()).containsOnlyKeys("failing");
			});
	}

	@Test
	void variablesOfTheJobGoBefore() {
		this.runner
			.withInitializer(
					(context) -> context.getEnvironment()
						.getPropertySources()
						.addFirst(new SystemEnvironmentPropertySource(
								StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
								Map.of("BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_HEALTH_DOWNON", "overdue,failing",
										"BACKGROUNDJOBS_JOBS_NIGHTLYREPORT_HEALTH_FAILURES", "2"))))
			.withPropertyValues("background-jobs.jobs.nightly-report.optional=true")
			.run((context) -> {
				fail(context, 1);
				assertThat(health(context)).isEqualTo(Health.up().build());
				fail(context, 1);
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			});
	}

	@Test
	void clockThatATestOwnsIsTheIndicatorsToo() {
		this.runner.withUserConfiguration(ClockConfiguration.class)
			.withPropertyValues("background-jobs.health.overdue-after=2m", "background-jobs.health.down-on=overdue")
			.run((context) -> {
				ManualClock clock = context.getBean(ManualClock.class);
				context.getBean(BackgroundJobScheduler.class).addPeriodic(REPORT, () -> "done");
				clock.starve(DAY.plusSeconds(119));
				assertThat(health(context)).isEqualTo(Health.up().build());
				Instant due = clock.instant().minusSeconds(119);
				clock.starve(Duration.ofSeconds(1));
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
				assertThat(health(context).getDetails().get("overdue"))
					.hasToString("{count=1, jobs=[{name=nightly-report, down=true, since=" + due + "}]}");
			});
	}

	@ParameterizedTest
	@CsvSource({ "overdue-after,0s", "overdue-after,5", "failures,0", "down-on,saturated", "down-on,unavailable" })
	void valueForAJobThatCannotWorkIsRefusedAtTheStart(String attribute, String value) {
		String property = "background-jobs.jobs.nightly-report.health." + attribute;
		this.runner.withPropertyValues("background-jobs.jobs.nightly-report.optional=true", property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(JobConfigurationException.class))
				.satisfies((ex) -> assertThat(ex.action()).isNotBlank())
				.extracting(Throwable::getMessage)
				.asString()
				.contains("health." + attribute, "'" + value + "'"));
	}

	@ParameterizedTest
	@CsvSource({ "failures,many", "down-on,broken" })
	void valueForAJobOfTheWrongTypeIsRefusedWithTheNameOfItsProperty(String attribute, String value) {
		String property = "background-jobs.jobs.nightly-report.health." + attribute;
		this.runner.withPropertyValues("background-jobs.jobs.nightly-report.optional=true", property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("health." + attribute)
				.hasStackTraceContaining(value));
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(BackgroundJobsHealthIndicator.class).health();
	}

	private static void fail(ApplicationContext context, int times) {
		BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
		PeriodicJobHandle job = jobs.findPeriodic("nightly-report")
			.orElseGet(() -> jobs.addPeriodic(REPORT, (Runnable) () -> {
				throw new IllegalStateException("broken");
			}));
		for (int i = 0; i < times; i++) {
			job.trigger().toFuture().exceptionally((ex) -> null).join();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class ClockConfiguration {

		@Bean
		EngineClock clock() {
			return new ManualClock();
		}

	}

}
