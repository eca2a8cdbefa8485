package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.actuate.HealthCondition;

import static org.assertj.core.api.Assertions.assertThat;

class BackgroundJobPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(PropertiesConfiguration.class);

	@Test
	void defaultsAreThoseOfTheDesign() {
		this.runner.run((context) -> {
			BackgroundJobProperties properties = context.getBean(BackgroundJobProperties.class);
			assertThat(properties.enabled()).isTrue();
			assertThat(properties.minimumInterval()).isEqualTo(Duration.ofMillis(1));
			assertThat(properties.pools()).isEmpty();
			assertThat(properties.history().size()).isEqualTo(256);
			assertThat(properties.metrics().maxNames()).isEqualTo(100);
			assertThat(properties.context().exclude()).isEmpty();
			assertThat(properties.web().retryAfter()).isEqualTo(Duration.ofSeconds(5));
			assertThat(properties.health()).isEqualTo(new BackgroundJobProperties.Health(Duration.ofMinutes(5), 3,
					Duration.ofMinutes(1), Duration.ofMinutes(1), Set.of()));
			assertThat(properties.shutdown().waitTimeout()).isEqualTo(Duration.ofSeconds(20));
			assertThat(properties.shutdown().shieldTimeout()).isEqualTo(Duration.ofSeconds(25));
			assertThat(properties.shutdown().closeTimeout()).isEqualTo(Duration.ofSeconds(1));
			assertThat(properties.shutdown().gracePeriod()).isEqualTo(Duration.ofSeconds(30));
		});
	}

	@Test
	void valuesAreBound() {
		this.runner
			.withPropertyValues("background-jobs.enabled=false", "background-jobs.pools.mail.limit=3",
					"background-jobs.pools.mail.overflow=caller-runs", "background-jobs.pools.mail.timeout=none",
					"background-jobs.context.exclude=mdc,tenant", "background-jobs.health.down-on=overdue,saturated",
					"background-jobs.health.failures=7", "background-jobs.shutdown.wait-timeout=PT2S")
			.run((context) -> {
				BackgroundJobProperties properties = context.getBean(BackgroundJobProperties.class);
				assertThat(properties.enabled()).isFalse();
				assertThat(properties.pools()).containsOnlyKeys("mail");
				assertThat(properties.pools().get("mail").limit()).isEqualTo(3);
				assertThat(properties.pools().get("mail").overflow()).isEqualTo(OverflowPolicy.CALLER_RUNS);
				assertThat(properties.pools().get("mail").timeout()).isEqualTo("none");
				assertThat(properties.context().exclude()).containsExactlyInAnyOrder("mdc", "tenant");
				assertThat(properties.health().downOn()).containsExactlyInAnyOrder(HealthCondition.OVERDUE,
						HealthCondition.SATURATED);
				assertThat(properties.health().failures()).isEqualTo(7);
				assertThat(properties.shutdown().waitTimeout()).isEqualTo(Duration.ofSeconds(2));
			});
	}

	@ParameterizedTest
	@CsvSource({ "minimum-interval,0s", "minimum-interval,500us", "history.size,-1", "metrics.max-names,-1",
			"web.retry-after,-1s", "health.overdue-after,0s", "health.overdue-after,-1s", "health.failures,0",
			"health.stuck-after,0s", "health.saturated-after,-1s", "shutdown.wait-timeout,-1s",
			"shutdown.shield-timeout,-1s", "shutdown.shield-timeout,19s", "shutdown.close-timeout,-1s",
			"shutdown.grace-period,0s", "shutdown.grace-period,-1s" })
	void valueThatCannotWorkIsRefusedWithTheNameOfItsProperty(String property, String value) {
		this.runner.withPropertyValues("background-jobs." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(JobConfigurationException.class))
				.satisfies((ex) -> assertThat(ex.action()).isNotBlank())
				.extracting(Throwable::getMessage)
				.asString()
				.contains("background-jobs." + property, "'" + value + "'"));
	}

	@ParameterizedTest
	@CsvSource({ "minimum-interval", "web.retry-after", "health.overdue-after", "health.stuck-after",
			"health.saturated-after", "shutdown.wait-timeout", "shutdown.shield-timeout", "shutdown.close-timeout",
			"shutdown.grace-period", "pools.mail.overflow-timeout" })
	void durationWithoutAUnitIsRefused(String property) {
		this.runner.withPropertyValues("background-jobs." + property + "=20")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(JobConfigurationException.class))
				.satisfies((ex) -> assertThat(ex.action()).contains("'20s'"))
				.extracting(Throwable::getMessage)
				.asString()
				.contains("background-jobs." + property, "'20'"));
	}

	@Test
	void durationWithoutAUnitBehindAPlaceholderIsRefused() {
		this.runner.withPropertyValues("time=20", "background-jobs.web.retry-after=${time}")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(JobConfigurationException.class));
	}

	@ParameterizedTest
	@CsvSource({ "pools.mail.limit,many", "pools.mail.overflow,drop", "pools.mail.threads,green", "enabled,perhaps",
			"history.size,big", "metrics.max-names,all", "health.failures,few", "health.down-on,broken",
			"shutdown.wait-timeout,soon" })
	void valueOfTheWrongTypeIsRefusedWithTheNameOfItsProperty(String property, String value) {
		this.runner.withPropertyValues("background-jobs." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("background-jobs." + property));
	}

	@Test
	void misspeltPropertyIsRefused() {
		this.runner.withPropertyValues("background-jobs.shutdown.wait-timout=20s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(JobConfigurationException.class))
				.satisfies((ex) -> assertThat(ex).hasMessageContaining("background-jobs.shutdown.wait-timout"))
				.satisfies((ex) -> assertThat(ex.action())
					.contains("The nearest names are 'background-jobs.shutdown.wait-timeout'")));
	}

	@Test
	void misspeltPropertyOfAPoolIsRefused() {
		this.runner.withPropertyValues("background-jobs.pools.mail.limt=20")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(JobConfigurationException.class))
				.satisfies((ex) -> assertThat(ex.action())
					.contains("The nearest names are 'background-jobs.pools.mail.limit'")));
	}

	@Test
	void propertiesOfJobsAndOfTheTestStarterAreLeftToThem() {
		this.runner
			.withPropertyValues("background-jobs.jobs.maintenance.removeExpired.every=1s",
					"background-jobs.jobs[a.b].cron=-", "background-jobs.test.virtual-time.idle-timeout=1s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void foreignEnvironmentVariablesAreLeftAlone() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("BACKGROUNDJOBS_HOME", "somewhere", "BACKGROUNDJOBS_HISTORY_SIZE", "7"))))
			.run((context) -> assertThat(context.getBean(BackgroundJobProperties.class).history().size()).isEqualTo(7));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(BackgroundJobProperties.class)
	@Import(StrictBinding.class)
	static class PropertiesConfiguration {

	}

}
