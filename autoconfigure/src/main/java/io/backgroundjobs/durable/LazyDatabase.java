package io.backgroundjobs.durable;

import java.util.function.Supplier;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import io.backgroundjobs.JobStoreException;

/**
 * The database, which is looked at when it is first needed. Thread-safe.
 */
final class LazyDatabase {

	private final DataSource dataSource;

	private final String table;

	private volatile @Nullable Database database;

	LazyDatabase(DataSource dataSource, String table) {
		this.dataSource = dataSource;
		this.table = table;
	}

	/**
	 * Return the database.
	 * @throws io.backgroundjobs.JobConfigurationException if it has no table for jobs
	 * @throws DataAccessException if it does not answer
	 */
	Database get() {
		Database found = this.database;
		return (found != null) ? found : open();
	}

	private synchronized Database open() {
		Database found = this.database;
		if (found == null) {
			found = Database.open(this.dataSource, this.table);
			this.database = found;
		}
		return found;
	}

	/**
	 * Ask something on behalf of the application, in its transaction if it has one.
	 * @param what what the question is for, in words
	 * @throws JobStoreException if there is no answer
	 */
	<T extends @Nullable Object> T asking(String what, Supplier<T> question) {
		try {
			return get().committed(question);
		}
		catch (DbSchedulerException | SQLRuntimeException | DataAccessException | TransactionException ex) {
			throw new JobStoreException("The database did not " + what, ex);
		}
	}

}
