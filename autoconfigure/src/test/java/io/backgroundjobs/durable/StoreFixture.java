package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.engine.ClusterJobs;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;
import io.backgroundjobs.engine.StoredJobType;

/**
 * One instance of an application that keeps jobs in a database.
 */
final class StoreFixture implements AutoCloseable {

	final DataSource dataSource;

	final JobEngine engine;

	final DurableStore store;

	final TransactionTemplate transaction;

	StoreFixture(HikariDataSource dataSource) {
		this(dataSource, "one", (builder) -> {
		});
	}

	StoreFixture(DataSource dataSource, String instance, Consumer<JobEngineBuilder> settings) {
		this.dataSource = dataSource;
		JobEngineBuilder builder = new JobEngineBuilder();
		settings.accept(builder);
		builder.cluster(this::cluster);
		this.engine = builder.build();
		TransactionProgress progress = new TransactionProgress();
		// Polls so rarely that nothing is found by chance.
		this.store = new DurableStore(
				dataSource, this.engine, JsonMapper.builder().build(), new DurableSettings("background_jobs", instance,
						Duration.ofSeconds(30), Duration.ofSeconds(1), 64 * 1024, Duration.ofSeconds(1)),
				progress, Clock.systemUTC());
		JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
		transactions.addListener(progress);
		this.transaction = new TransactionTemplate(transactions);
	}

	private ClusterJobs cluster() {
		return this.store;
	}

	<P extends @Nullable Object> DurableJob<P> register(DurableJob<P> job) {
		this.store.register(new StoredJobType(job.options(), List.of(job.payloadType()), (arguments, context) -> {
			@SuppressWarnings("unchecked")
			P payload = (P) arguments.get(0);
			job.body().run(payload, context);
			return null;
		}, "The test's job '" + job.name() + "'"));
		return job;
	}

	StoreFixture start() {
		this.engine.start();
		this.store.start();
		return this;
	}

	/**
	 * Stop in the order of the lifecycles.
	 */
	void stop() {
		this.store.hold();
		this.engine.stop();
		this.store.stop();
	}

	@Override
	public void close() {
		stop();
		if (this.dataSource instanceof HikariDataSource pool) {
			pool.close();
		}
	}

}
