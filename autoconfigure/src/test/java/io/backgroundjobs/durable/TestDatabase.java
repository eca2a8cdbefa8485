package io.backgroundjobs.durable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * The databases that the tests run on, each with an empty table of its own for whoever
 * asks.
 */
public enum TestDatabase {

	H2 {

		@Override
		String createDatabase(String name) {
			return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
		}

	},

	POSTGRESQL {

		@Override
		String createDatabase(String name) {
			EmbeddedPostgres server = Server.INSTANCE;
			new JdbcTemplate(server.getPostgresDatabase()).execute("create database " + name);
			return server.getJdbcUrl("postgres", name);
		}

	};

	private static final AtomicInteger databases = new AtomicInteger();

	/**
	 * Create a database with the table.
	 */
	public HikariDataSource open() {
		HikariDataSource dataSource = openEmpty();
		new ResourceDatabasePopulator(script()).execute(dataSource);
		return dataSource;
	}

	/**
	 * Create a database without the table.
	 */
	public HikariDataSource openEmpty() {
		return connect(createDatabase("jobs_" + databases.incrementAndGet()));
	}

	static HikariDataSource connect(String url) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		if (url.startsWith("jdbc:h2:")) {
			dataSource.setUsername("sa");
		}
		dataSource.setMaximumPoolSize(20);
		dataSource.setConnectionTimeout(2000);
		return dataSource;
	}

	ClassPathResource script() {
		return new ClassPathResource("io/backgroundjobs/durable/schema-" + name().toLowerCase(Locale.ROOT) + ".sql");
	}

	abstract String createDatabase(String name);

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
