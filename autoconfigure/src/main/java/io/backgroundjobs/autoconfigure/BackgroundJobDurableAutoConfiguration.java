package io.backgroundjobs.autoconfigure;

import java.time.Clock;
import java.util.UUID;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.durable.DurableSettings;
import io.backgroundjobs.durable.DurableStore;
import io.backgroundjobs.durable.TransactionProgress;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

/**
 * Auto-configuration for jobs that are kept in the application's database. Backs off from
 * a db-scheduler {@code Scheduler} of the application's own.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = BackgroundJobsAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
				"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration" })
@ConditionalOnClass({ Scheduler.class, JdbcTemplate.class, JsonMapper.class,
		DataSourceScriptDatabaseInitializer.class })
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBean(JobEngine.class)
@ConditionalOnMissingBean({ Scheduler.class, JobStore.class })
@EnableConfigurationProperties(BackgroundJobDurableProperties.class)
public final class BackgroundJobDurableAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DurableSchemaInitializer backgroundJobDurableSchemaInitializer(DataSource dataSource,
			BackgroundJobDurableProperties properties) {
		return new DurableSchemaInitializer(dataSource, properties);
	}

	// Boot gives it to the managers of transactions.
	@Bean
	TransactionProgress backgroundJobTransactionProgress() {
		return new TransactionProgress();
	}

	// Stopped at the end too, for a context that fails before its lifecycles stop.
	@Bean(destroyMethod = "stop")
	@DependsOnDatabaseInitialization
	DurableStore backgroundJobDurableStore(DataSource dataSource, JobEngine engine, ObjectProvider<JsonMapper> mapper,
			BackgroundJobProperties jobs, BackgroundJobDurableProperties properties, TransactionProgress progress) {
		DurableSettings settings = new DurableSettings(properties.table(), instance(), properties.pollInterval(),
				properties.heartbeatInterval(), properties.maxPayloadSize().toBytes(), jobs.shutdown().closeTimeout());
		return new DurableStore(dataSource, engine,
				mapper.getIfAvailable(() -> JsonMapper.builder().findAndAddModules().build()), settings, progress,
				Clock.systemUTC());
	}

	@Bean
	FetchLifecycle backgroundJobFetchLifecycle(DurableStore store) {
		return new FetchLifecycle(store);
	}

	@Bean
	StoreLifecycle backgroundJobStoreLifecycle(DurableStore store) {
		return new StoreLifecycle(store);
	}

	/**
	 * Name this process: by its host, for people to read, and a text of its own, as there
	 * may be several on one.
	 */
	private static String instance() {
		String host = System.getenv("HOSTNAME");
		String own = UUID.randomUUID().toString().substring(0, 8);
		return (host != null) ? host.substring(0, Math.min(host.length(), 30)) + "-" + own : own;
	}

}
