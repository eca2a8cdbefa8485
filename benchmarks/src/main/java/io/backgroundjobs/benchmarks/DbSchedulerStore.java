package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * db-scheduler on a database.
 */
final class DbSchedulerStore implements JobStore {

	/** As its documentation has it for PostgreSQL, in types that H2 has too. */
	static final String TABLE = """
			CREATE TABLE scheduled_tasks (
				task_name VARCHAR(100) NOT NULL,
				task_instance VARCHAR(100) NOT NULL,
				task_data BYTEA,
				execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
				picked BOOLEAN NOT NULL,
				picked_by VARCHAR(100),
				last_success TIMESTAMP WITH TIME ZONE,
				last_failure TIMESTAMP WITH TIME ZONE,
				consecutive_failures INT,
				last_heartbeat TIMESTAMP WITH TIME ZONE,
				version BIGINT NOT NULL,
				priority SMALLINT,
				PRIMARY KEY (task_name, task_instance));
			CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
			CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
			""";

	private final OneTimeTask<Void> task = Tasks.oneTime("arrival")
		.execute((instance, context) -> Arrivals.arrive(Long.parseLong(instance.getId())));

	private final HikariDataSource dataSource = new HikariDataSource();

	private final AutoCloseable database;

	private final Scheduler scheduler;

	private DbSchedulerStore(String url, AutoCloseable database) throws SQLException {
		this.database = database;
		this.dataSource.setJdbcUrl(url);
		// One for each thread, one for whoever adds jobs and two for its own upkeep.
		this.dataSource.setMaximumPoolSize(THREADS + 3);
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(TABLE);
		}
		SchedulerBuilder builder = Scheduler.create(this.dataSource, this.task)
			.threads(THREADS)
			.enableImmediateExecution();
		if (url.startsWith("jdbc:postgresql:")) {
			// Its documentation: for a high throughput, where the database can do it.
			builder.pollUsingLockAndFetch(1, 4);
		}
		this.scheduler = builder.build();
		this.scheduler.start();
	}

	static JobStore onH2() throws SQLException {
		return new DbSchedulerStore("jdbc:h2:mem:jobs;DB_CLOSE_DELAY=-1", () -> {
		});
	}

	/**
	 * Start PostgreSQL, which does not run as root: there it gets a user namespace of its
	 * own from {@code unshare}, if the machine allows it.
	 */
	static JobStore onPostgres() throws IOException, SQLException {
		EmbeddedPostgres postgres = EmbeddedPostgres.start();
		return new DbSchedulerStore(postgres.getJdbcUrl("postgres", "postgres"), postgres);
	}

	@Override
	public void add(long number) {
		this.scheduler.schedule(this.task.instance(String.valueOf(number)), Instant.now());
	}

	@Override
	public void close() throws Exception {
		this.scheduler.stop();
		this.dataSource.close();
		this.database.close();
	}

}
