package io.backgroundjobs.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes rows in the transaction of the calling thread, and has them looked for once that
 * is committed.
 */
final class Enqueuing {

	private final DataSource dataSource;

	private final Database database;

	private final TransactionProgress progress;

	private final Consumer<Instant> committed;

	/**
	 * Create the way into the table.
	 * @param committed told when a row is there that is due at an instant
	 */
	Enqueuing(DataSource dataSource, Database database, TransactionProgress progress, Consumer<Instant> committed) {
		this.dataSource = dataSource;
		this.database = database;
		this.progress = progress;
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
		if (this.database.autoCommit() && !TransactionSynchronizationManager.isActualTransactionActive()) {
			// One round trip in place of two.
			boolean inserted = insert(row, due, mayExist);
			if (inserted) {
				this.committed.accept(due);
			}
			return inserted;
		}
		// Also in a transaction of something else, or one that has ended and does not
		// say so yet: neither would commit the row.
		return this.database.alone(() -> insertInTransaction(row, due, mayExist));
	}

	/**
	 * Whether the calling thread has a transaction that this database takes part in, and
	 * that has not been committed.
	 */
	private boolean takesPart() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()
				|| !TransactionSynchronizationManager.isSynchronizationActive() || this.progress.isCommitting()) {
			return false;
		}
		if (TransactionSynchronizationManager.hasResource(this.dataSource)) {
			return true;
		}
		// A global transaction takes a connection in as it is handed out. Where none
		// commits by itself, that cannot be told from one that nobody will commit.
		try (Connection connection = this.dataSource.getConnection()) {
			return this.database.autoCommit() && !connection.getAutoCommit();
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
		this.database.client().scheduleBatch(List.of(row), due);
		return true;
	}

	/**
	 * Another transaction may insert the same row. The statement then fails, and some
	 * databases go on with a transaction after that only from a savepoint.
	 */
	private boolean insertUnlessThere(TaskInstance<byte[]> row, Instant due) {
		if (isThere(row)) {
			return false;
		}
		if (!TransactionSynchronizationManager.hasResource(this.dataSource)) {
			return insertOrFind(row, due);
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			Savepoint savepoint = connection.setSavepoint();
			boolean inserted;
			try {
				inserted = insertNew(row, due);
			}
			catch (RuntimeException ex) {
				connection.rollback(savepoint);
				if (!isThere(row)) {
					throw ex;
				}
				return false;
			}
			connection.releaseSavepoint(savepoint);
			return inserted;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database has no savepoints", ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private boolean insertOrFind(TaskInstance<byte[]> row, Instant due) {
		try {
			return insertNew(row, due);
		}
		catch (RuntimeException ex) {
			if (!isThere(row)) {
				throw ex;
			}
			return false;
		}
	}

	private boolean isThere(TaskInstance<byte[]> row) {
		return this.database.client().getScheduledExecution(row).isPresent();
	}

}
