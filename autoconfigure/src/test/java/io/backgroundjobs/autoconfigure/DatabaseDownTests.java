package io.backgroundjobs.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.JobStoreException;
import io.backgroundjobs.actuate.BackgroundJobsHealthIndicator;
import io.backgroundjobs.durable.DurableStore;
import io.backgroundjobs.engine.StoredJobType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an operator sees of durable jobs in a real database, and of one that is away for a
 * while.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DatabaseDownTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
				BackgroundJobDurableAutoConfiguration.class, BackgroundJobHealthContributorAutoConfiguration.class,
				BackgroundJobMetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withUserConfiguration(Database.class)
		.withPropertyValues("background-jobs.durable.initialize-schema=always",
				"background-jobs.durable.heartbeat-interval=1s", "background-jobs.durable.poll-interval=1s",
				"background-jobs.health.down-on=unavailable");

	@Test
	void healthAndMetersTellOfItAndEverythingElseGoesOn(CapturedOutput output) {
		this.runner.withUserConfiguration(Jobs.class).run((context) -> {
			DurableJobs durable = context.getBean(DurableJobs.class);
			BreakableDataSource database = context.getBean(BreakableDataSource.class);
			Jobs jobs = context.getBean(Jobs.class);
			durable.spawn(jobs.fails, "first");
			await(() -> !durable.failed(null, 1).isEmpty());
			assertThat(unavailable(context)).isZero();
			assertThat(failed(context)).isEqualTo(1);
			assertThat(health(context)).isEqualTo(Health.up().build());

			database.broken = true;
			await(() -> health(context).getStatus().equals(Status.DOWN));
			assertThat(health(context).getDetails()).containsOnlyKeys("unavailable");
			assertThat(unavailable(context)).isPositive();
			assertThat(failed(context)).isNaN();
			assertThatExceptionOfType(JobStoreException.class)
				.isThrownBy(() -> durable.spawn(jobs.mails, "while it is away"));
			assertThat(context.getBean(JobSpawner.class).spawn("in-memory", () -> 42).await()).isEqualTo(42);
			int asked = database.asked;
			for (int i = 0; i < 100; i++) {
				failed(context);
				health(context);
			}
			// Only what looks whether it is there again.
			assertThat(database.asked - asked).isLessThan(5);
			await(() -> database.asked > asked + 3);

			database.broken = false;
			await(() -> health(context).getStatus().equals(Status.UP));
			durable.spawn(jobs.mails, "afterwards");
			assertThat(jobs.sent.poll(20, TimeUnit.SECONDS)).isEqualTo("afterwards");
			assertThat(failed(context)).isEqualTo(1);
		});
		assertThat(output.getAll().lines().filter((line) -> line.contains("does not answer"))).hasSize(1);
		assertThat(output.getAll().lines().filter((line) -> line.contains("answers again"))).hasSize(1);
		assertThat(output).doesNotContain("cannot be counted");
	}

	@Test
	void databaseIsNotAskedByMetersAndHealthWhereThereIsNoDurableJob() {
		this.runner.run((context) -> {
			BreakableDataSource database = context.getBean(BreakableDataSource.class);
			int asked = database.asked;
			assertThat(unavailable(context)).isZero();
			assertThat(health(context)).isEqualTo(Health.up().build());
			assertThat(database.asked).isEqualTo(asked);
		});
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50)).until(condition);
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(BackgroundJobsHealthIndicator.class).health();
	}

	private static double unavailable(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.get("background.jobs.durable.unavailable")
			.timeGauge()
			.value(TimeUnit.SECONDS);
	}

	private static double failed(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.get("background.jobs.durable")
			.tags("name", "fails", "state", "failed")
			.gauge()
			.value();
	}

	@Configuration(proxyBeanMethods = false)
	static class Database {

		@Bean
		BreakableDataSource dataSource() {
			return new BreakableDataSource(new SimpleDriverDataSource(new org.h2.Driver(),
					"jdbc:h2:mem:" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", "sa", ""));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Jobs {

		private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

		private final DurableJob<String> mails = DurableJob.of(JobOptions.named("mails"), String.class,
				(text, context) -> this.sent.add(text));

		private final DurableJob<String> fails = DurableJob.of(JobOptions.named("fails"), String.class,
				(text, context) -> {
					throw new IllegalStateException("broken");
				});

		@Bean
		SmartInitializingSingleton registration(DurableStore store) {
			return () -> List.of(this.mails, this.fails).forEach((job) -> register(store, job));
		}

		private static void register(DurableStore store, DurableJob<String> job) {
			store.register(new StoredJobType(job.options(), List.of(String.class), (arguments, context) -> {
				job.body().run((String) arguments.get(0), context);
				return null;
			}, "The test's job '" + job.name() + "'"));
		}

	}

	static final class BreakableDataSource extends DelegatingDataSource {

		private volatile boolean broken;

		private volatile int asked;

		BreakableDataSource(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			count();
			if (this.broken) {
				throw new SQLTransientConnectionException("Connection refused");
			}
			return super.getConnection();
		}

		private synchronized void count() {
			this.asked++;
		}

	}

}
