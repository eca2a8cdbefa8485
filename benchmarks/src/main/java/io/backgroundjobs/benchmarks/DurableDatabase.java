package io.backgroundjobs.benchmarks;

import java.io.IOException;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * A database with the table of our durable jobs, which is db-scheduler's with a name of
 * its own.
 */
enum DurableDatabase {

	/** Started here, and does not wait for the disk. */
	POSTGRESQL("PostgreSQL", "schema-postgresql.sql") {

		@Override
		Connections open() throws IOException {
			EmbeddedPostgres postgres = EmbeddedPostgres.start();
			return connect(postgres.getJdbcUrl("postgres", "postgres"), postgres);
		}

	},

	/** In memory. */
	H2("H2", "schema-h2.sql") {

		@Override
		Connections open() {
			return connect("jdbc:h2:mem:jobs;DB_CLOSE_DELAY=-1", () -> {
			});
		}

	};

	/** The table that the scripts create. */
	static final String TABLE = "background_jobs";

	private final String words;

	private final String script;

	DurableDatabase(String words, String script) {
		this.words = words;
		this.script = script;
	}

	abstract Connections open() throws IOException;

	Connections connect(String url, AutoCloseable server) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		// One for each thread that adds or does jobs, and some for the upkeep.
		dataSource.setMaximumPoolSize(2 * JobStore.THREADS + 3);
		new ResourceDatabasePopulator(new ClassPathResource("io/backgroundjobs/durable/" + this.script))
			.execute(dataSource);
		return new Connections(dataSource, server, this == POSTGRESQL);
	}

	@Override
	public String toString() {
		return this.words;
	}

	/**
	 * The way to an open database.
	 *
	 * @param dataSource its connections
	 * @param server what to close after them
	 * @param locksAndFetches whether it can lock and fetch due jobs in one statement
	 */
	record Connections(HikariDataSource dataSource, AutoCloseable server,
			boolean locksAndFetches) implements AutoCloseable {

		@Override
		public void close() throws Exception {
			this.dataSource.close();
			this.server.close();
		}

	}

}
