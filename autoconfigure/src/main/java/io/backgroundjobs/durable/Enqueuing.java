package io.backgroundjobs.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes rows in the transaction of the calling thread, and has them looked for once that
 * is committed.
 */
final class Enqueuing {

	private final DataSource dataSource;

	private final SchedulerClient client;

	private final TransactionTemplate transaction;

	private final boolean autoCommit;

	private final Consumer<Instant> committed;

	/**
	 * Create the way into the table.
	 * @param autoCommit whether what is written without a transaction is committed
	 * @param committed told when a row is there that is due at an instant
	 */
	Enqueuing(DataSource dataSource, SchedulerClient client, boolean autoCommit, Consumer<Instant> committed) {
		this.dataSource = dataSource;
		this.client = client;
		this.autoCommit = autoCommit;
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.committed = committed;
	}

	/**
	 * Write a row.
	 * @param mayExist whether there may be one of its name and instance
	 * @return whether it is there now, and was not before
	 */
	boolean enqueue(TaskInstance<byte[]> row, Instant due, boolean mayExist) {
		if (takesPart()) {
			return insertInTransaction(row, due, mayExist);
		}
		if (this.autoCommit && !TransactionSynchronizationManager.isActualTransactionActive()) {
			// One round trip in place of two.
			boolean inserted = insert(row, due, mayExist);
			if (inserted) {
				this.committed.accept(due);
			}
			return inserted;
		}
		// Also in a transaction of something else, which would not commit the row.
		return Boolean.TRUE.equals(this.transaction.execute((status) -> insertInTransaction(row, due, mayExist)));
	}

	/**
	 * Whether the calling thread has a transaction that this database takes part in.
	 */
	private boolean takesPart() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		if (TransactionSynchronizationManager.hasResource(this.dataSource)) {
			return true;
		}
		// A global transaction takes a connection in as it is handed out. Where none
		// commits by itself, that cannot be told from one that nobody will commit.
		try (Connection connection = this.dataSource.getConnection()) {
			return this.autoCommit && !connection.getAutoCommit();
		}
		catch (SQLException ex) {
			throw new CannotGetJdbcConnectionException("Failed to obtain a connection", ex);
		}
	}

	private boolean insertInTransaction(TaskInstance<byte[]> row, Instant due, boolean mayExist) {
		boolean inserted = insert(row, due, mayExist);
		if (inserted) {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					Enqueuing.this.committed.accept(due);
				}

			});
		}
		return inserted;
	}

	private boolean insert(TaskInstance<byte[]> row, Instant due, boolean mayExist) {
		return mayExist ? insertUnlessThere(row, due) : insertNew(row, due);
	}

	private boolean insertNew(TaskInstance<byte[]> row, Instant due) {
		// As a batch of one: it is not looked for first.
		this.client.scheduleBatch(List.of(row), due);
		return true;
	}

	/**
	 * Another transaction may insert the same row. The statement then fails, and some
	 * databases go on with a transaction after that only from a savepoint.
	 */
	private boolean insertUnlessThere(TaskInstance<byte[]> row, Instant due) {
		if (this.client.getScheduledExecution(row).isPresent()) {
			return false;
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			Savepoint savepoint = connection.getAutoCommit() ? null : connection.setSavepoint();
			try {
				insertNew(row, due);
			}
			catch (RuntimeException ex) {
				if (savepoint != null) {
					connection.rollback(savepoint);
				}
				if (this.client.getScheduledExecution(row).isEmpty()) {
					throw ex;
				}
				return false;
			}
			if (savepoint != null) {
				connection.releaseSavepoint(savepoint);
			}
			return true;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database has no savepoints", ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

}
