package io.backgroundjobs.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * A database of PostgreSQL with the table of the jobs, and those that a test's instances
 * write into.
 *
 * @param url how an instance reaches it
 * @param jdbc how the test does, each statement in a transaction of its own
 */
record TestDatabase(String url, JdbcTemplate jdbc) {

	private static final AtomicInteger databases = new AtomicInteger();

	/**
	 * Create a database.
	 */
	static TestDatabase create() {
		EmbeddedPostgres server = Server.INSTANCE;
		String name = "jobs_" + databases.incrementAndGet();
		new JdbcTemplate(server.getPostgresDatabase()).execute("create database " + name);
		String url = server.getJdbcUrl("postgres", name);
		DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
		new ResourceDatabasePopulator(new ClassPathResource("io/backgroundjobs/durable/schema-postgresql.sql"),
				new ClassPathResource("ledger.sql"))
			.execute(dataSource);
		return new TestDatabase(url, new JdbcTemplate(dataSource));
	}

	long number(String sql, Object... arguments) {
		Long number = this.jdbc.queryForObject(sql, Long.class, arguments);
		return (number != null) ? number : 0;
	}

	/**
	 * Started with the first test that needs it, and stopped with the JVM. It does not
	 * run as root: there it gets a user namespace of its own, if the machine allows it.
	 */
	private static final class Server {

		private static final EmbeddedPostgres INSTANCE = start();

		private static EmbeddedPostgres start() {
			try {
				return EmbeddedPostgres.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
