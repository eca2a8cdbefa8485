package io.backgroundjobs.autoconfigure;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.durable.DurableJobRegistrar;
import io.backgroundjobs.engine.JobStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests of what an application is told that asks for durable jobs and cannot have them.
 */
class RequiredJobStoreTests {

	private static final String METHOD = "@BackgroundJob on method Mailer.send() of bean 'mailer' is durable, but ";

	private final ApplicationContextRunner bare = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(BackgroundJobsAutoConfiguration.class, BackgroundJobAnnotationAutoConfiguration.class,
					BackgroundJobDurableAutoConfiguration.class, JacksonAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.bare
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@Test
	void withADataSourceAndDbSchedulerTheStartWorks() {
		this.runner.withBean("mailer", Mailer.class)
			.withUserConfiguration(Jobs.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobStore.class)
				.hasSingleBean(DurableJobs.class));
	}

	@Test
	void withoutDurableJobsNothingIsMissed() {
		this.bare.withClassLoader(new FilteredClassLoader(Scheduler.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JobStore.class)
				.doesNotHaveBean(DurableJobRegistrar.class));
	}

	@Test
	void whenDbSchedulerIsMissingThenItIsToBeAdded() {
		assertRefused(this.runner.withClassLoader(new FilteredClassLoader(Scheduler.class)),
				"db-scheduler is not on the class path", "Add the dependency com.github.kagkarlsson:db-scheduler.");
	}

	@Test
	void whenSpringJdbcIsMissingThenItsStarterIsToBeAdded() {
		assertRefused(this.bare.withClassLoader(new FilteredClassLoader(JdbcTemplate.class)),
				"Spring JDBC is not on the class path",
				"Add the dependency org.springframework.boot:spring-boot-starter-jdbc.");
	}

	@Test
	void whenJacksonIsMissingThenItsStarterIsToBeAdded() {
		assertRefused(this.runner.withClassLoader(new FilteredClassLoader(JsonMapper.class)),
				"Jackson is not on the class path",
				"Add the dependency org.springframework.boot:spring-boot-starter-jackson.");
	}

	@Test
	void whenThereIsNoDataSourceThenOneIsToBeAdded() {
		assertRefused(this.bare, "there is no DataSource",
				"Add the dependency org.springframework.boot:spring-boot-starter-jdbc and a database driver, and set "
						+ "spring.datasource.url, unless the database is embedded.");
	}

	@Test
	void whenThereAreSeveralDataSourcesThenOneIsToBePrimary() {
		assertRefused(this.bare.withUserConfiguration(TwoDataSources.class),
				"none of the DataSources is primary: first, second",
				"Mark the one that is to keep the jobs as @Primary.");
	}

	@Test
	void whenTheApplicationHasASchedulerOfItsOwnThenItIsNamed() {
		assertRefused(this.runner.withBean("ownScheduler", Scheduler.class, () -> mock()),
				"the engine for that backs off from the application's own db-scheduler 'Scheduler', bean 'ownScheduler'",
				"Remove that bean, or the starter of db-scheduler that makes it, or do without durable jobs.");
	}

	@Test
	void whenTheAutoConfigurationIsExcludedThenItIsNamed() {
		assertRefused(
				new ApplicationContextRunner().withConfiguration(
						AutoConfigurations.of(DataSourceAutoConfiguration.class, BackgroundJobsAutoConfiguration.class,
								BackgroundJobAnnotationAutoConfiguration.class)),
				"there is no durable engine",
				"Do not exclude BackgroundJobDurableAutoConfiguration, or do without durable jobs.");
	}

	@Test
	void durableJobBeanIsToldTheSame() {
		this.bare.withUserConfiguration(Jobs.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(JobConfigurationException.class)
				.hasMessage("DurableJob bean 'sendReceipt' is durable, but there is no DataSource"));
	}

	@Test
	void whenTheApplicationHasAStoreOfItsOwnThenItIsTaken() {
		this.bare.withBean("mailer", Mailer.class)
			.withBean("ownStore", JobStore.class, () -> mock())
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static void assertRefused(ApplicationContextRunner runner, String problem, String action) {
		runner.withBean("mailer", Mailer.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(JobConfigurationException.class)
				.hasMessage(METHOD + problem)
				.extracting("action")
				.isEqualTo(action));
	}

	// Public, for a proxy that another class loader defines.
	public static class Mailer {

		@BackgroundJob(name = "send-mail", durable = true)
		public void send() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		@Bean
		DurableJob<String> sendReceipt() {
			return DurableJob.of(JobOptions.named("send-receipt"), String.class, (payload, job) -> {
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources {

		@Bean
		DataSource first() {
			return mock();
		}

		@Bean
		DataSource second() {
			return mock();
		}

	}

}
