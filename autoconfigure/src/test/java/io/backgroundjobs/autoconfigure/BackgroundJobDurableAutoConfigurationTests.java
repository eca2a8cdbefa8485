package io.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.durable.DurableStore;
import io.backgroundjobs.engine.JobStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Durable jobs in an application context.
 */
class BackgroundJobDurableAutoConfigurationTests {

	private static final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
				BackgroundJobAnnotationAutoConfiguration.class, BackgroundJobTransactionAutoConfiguration.class,
				BackgroundJobDurableAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	private final ApplicationContextRunner withDatabase = this.runner
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class));

	@Test
	void anEmbeddedDatabaseNeedsNothingElse() {
		this.withDatabase.withUserConfiguration(OneDurableJob.class).run((context) -> {
			DurableJob<String> job = context.getBean(OneDurableJob.class).job;
			context.getBean(DurableJobs.class).spawn(job, "hello");
			assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
		});
	}

	@Test
	void withoutADataSourceNothingIsThere() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JobStore.class));
	}

	@ParameterizedTest
	@CsvSource({ "com.github.kagkarlsson.scheduler", "tools.jackson.databind", "org.springframework.jdbc.core" })
	void withoutOneOfTheLibrariesNothingIsThere(String hidden) {
		this.withDatabase.withClassLoader(new FilteredClassLoader(hidden))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DurableStore.class));
	}

	@Test
	void aSchedulerOfTheApplicationsOwnIsLeftAlone() {
		this.withDatabase.withBean(Scheduler.class, () -> Mockito.mock(Scheduler.class))
			.run((context) -> assertThat(context).doesNotHaveBean(DurableStore.class)
				.hasSingleBean(SchedulerClient.class));
	}

	@Test
	void aSharedPeriodicJobWithoutADatabaseFailsTheStartAndSaysWhatToAdd() {
		this.runner.withUserConfiguration(OneSharedJob.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'shared'")
				.hasMessageContaining("CLUSTER"));
	}

	@Test
	void aSharedPeriodicJobTicks() {
		this.withDatabase.withUserConfiguration(OneSharedJob.class)
			.run((context) -> assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("tick"));
	}

	@Test
	void aMissingTableFailsTheStartAndSaysWhatToDo() {
		this.withDatabase.withUserConfiguration(OneDurableJob.class)
			.withPropertyValues("background-jobs.durable.initialize-schema=never")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("The durable jobs cannot use the table 'background_jobs'"));
	}

	@Test
	void aTableThatNobodyNeedsMayBeMissing() {
		this.withDatabase.withPropertyValues("background-jobs.durable.initialize-schema=never")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theTableMayHaveAnotherName() {
		this.withDatabase.withUserConfiguration(OneDurableJob.class, OtherTable.class)
			.withPropertyValues("background-jobs.durable.table=other_jobs")
			.run((context) -> {
				context.getBean(DurableJobs.class).spawn(context.getBean(OneDurableJob.class).job, "other");
				assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("other");
			});
	}

	@ParameterizedTest
	@CsvSource({ "poll-interval, 10ms", "heartbeat-interval, 100ms", "max-payload-size, 10B", "table, a-b",
			"heartbeat-intervall, 5s" })
	void whatCannotWorkFailsTheStart(String property, String value) {
		this.withDatabase.withPropertyValues("background-jobs.durable." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining(property));
	}

	@Configuration(proxyBeanMethods = false)
	static class OneDurableJob {

		private final DurableJob<String> job = DurableJob.of(JobOptions.named("text"), String.class,
				(text, context) -> seen.add(text));

		@Bean
		DurableJob<String> text() {
			return this.job;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OneSharedJob {

		@Bean
		@PeriodicJob(name = "shared", every = "100ms", scope = JobScope.CLUSTER)
		Runnable shared() {
			return () -> seen.add("tick");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherTable {

		@Bean
		DataSource dataSource() throws IOException {
			DataSource dataSource = new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
				.generateUniqueName(true)
				.build();
			String script = new ClassPathResource("io/backgroundjobs/durable/schema-h2.sql")
				.getContentAsString(StandardCharsets.UTF_8);
			new JdbcTemplate(dataSource).execute(script.replace("background_jobs", "other_jobs"));
			return dataSource;
		}

	}

}
