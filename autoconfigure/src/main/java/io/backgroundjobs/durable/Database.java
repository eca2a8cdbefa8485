package io.backgroundjobs.durable;

import java.sql.Connection;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.AutodetectJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.backgroundjobs.JobConfigurationException;

/**
 * The database, as it was found when it was first needed.
 *
 * @param client works in the transaction of the calling thread
 * @param dialect what is particular to the database
 * @param locksAndFetches whether due jobs can be locked and fetched in one statement
 * @param autoCommit whether a statement is committed that is in no transaction: a pool
 * may have told its connections not to
 * @param own a transaction that is nobody else's
 */
record Database(SchedulerClient client, JdbcCustomization dialect, boolean locksAndFetches, boolean autoCommit,
		TransactionTemplate own) {

	/**
	 * Look at the database.
	 * @throws JobConfigurationException if it has no such table
	 * @throws org.springframework.dao.DataAccessException if it does not answer
	 */
	static Database open(DataSource dataSource, String table) {
		requireTable(dataSource, table);
		JdbcCustomization dialect = dialect(dataSource);
		SchedulerClient client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(dataSource))
			.serializer(RawBytes.INSTANCE)
			.tableName(table)
			.enablePriority()
			.jdbcCustomization(dialect)
			.build();
		return new Database(client, dialect, dialect.getName().equals("PostgreSQL"),
				Boolean.TRUE.equals(
						new JdbcTemplate(dataSource).execute((Connection connection) -> connection.getAutoCommit())),
				ownTransaction(dataSource));
	}

	private static TransactionTemplate ownTransaction(DataSource dataSource) {
		TransactionTemplate template = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return template;
	}

	/**
	 * Do something that is part of the calling thread's transaction if there is one, and
	 * is committed in any case.
	 */
	<T extends @Nullable Object> T committed(Supplier<T> work) {
		boolean commits = this.autoCommit || TransactionSynchronizationManager.isActualTransactionActive();
		return commits ? work.get() : alone(work);
	}

	/**
	 * Do something that is not part of the calling thread's transaction.
	 */
	@SuppressWarnings("NullAway") // returns what the work returns
	<T extends @Nullable Object> T alone(Supplier<T> work) {
		return this.own.execute((status) -> work.get());
	}

	private static JdbcCustomization dialect(DataSource dataSource) {
		String product = String.valueOf(new JdbcTemplate(dataSource)
			.execute((Connection connection) -> connection.getMetaData().getDatabaseProductName()));
		if (product.equals("H2")) {
			return new H2Dialect();
		}
		// MySQL has no columns that know a zone.
		return new AutodetectJdbcCustomization(dataSource, product.contains("MySQL") || product.contains("MariaDB"));
	}

	private static void requireTable(DataSource dataSource, String table) {
		try {
			new JdbcTemplate(dataSource)
				.query("select task_name, task_instance, task_data, execution_time, picked, picked_by, last_success, "
						+ "last_failure, consecutive_failures, last_heartbeat, version, priority from " + table
						+ " where 1 = 0", (rows) -> {
							// there is none
						});
		}
		catch (BadSqlGrammarException ex) {
			throw new JobConfigurationException(
					"The durable jobs cannot use the table '" + table + "': " + ex.getMostSpecificCause().getMessage(),
					"Set background-jobs.durable.initialize-schema=always to have it created, or give the script for "
							+ "your database, io/backgroundjobs/durable/schema-h2.sql, schema-postgresql.sql or "
							+ "schema-mysql.sql in the library's jar, to your migration tool. "
							+ "background-jobs.durable.table names another table.",
					ex);
		}
	}

}
