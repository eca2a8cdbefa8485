package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.springframework.core.io.ClassPathResource;

/**
 * db-scheduler on a database.
 */
final class DbSchedulerStore implements JobStore {

	/** The resource that makes its table. */
	static final String TABLE = "io/backgroundjobs/benchmarks/scheduled-tasks.sql";

	private final OneTimeTask<Void> task = Tasks.oneTime("arrival")
		.execute((instance, context) -> Arrivals.arrive(Long.parseLong(instance.getId())));

	private final HikariDataSource dataSource = new HikariDataSource();

	private final AutoCloseable database;

	private final Scheduler scheduler;

	private DbSchedulerStore(String url, AutoCloseable database) throws IOException, SQLException {
		this.database = database;
		this.dataSource.setJdbcUrl(url);
		// One for each thread, one for whoever adds jobs and two for its own upkeep.
		this.dataSource.setMaximumPoolSize(THREADS + 3);
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(new ClassPathResource(TABLE).getContentAsString(StandardCharsets.UTF_8));
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

	static JobStore onH2() throws IOException, SQLException {
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
