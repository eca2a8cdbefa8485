package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.transaction.TransactionException;

/**
 * Holds the row of a periodic job, as if it were run, so that no instance does. Its
 * heartbeat is its own: should this process die, another one lets the row go.
 */
final class RowHold {

	private static final Logger logger = LoggerFactory.getLogger(RowHold.class);

	private final JdbcTemplate jdbc;

	private final Database database;

	private final DatabaseWatch watch;

	private final String table;

	private final String name;

	private final String holder;

	private final Clock clock;

	private final RowHolds all;

	private volatile @Nullable Future<?> heartbeat;

	/**
	 * Create a hold that does not hold yet.
	 * @param holder a name that no instance and no other hold has
	 */
	RowHold(JdbcTemplate jdbc, Database database, DatabaseWatch watch, String table, String name, String holder,
			Clock clock, RowHolds all) {
		this.jdbc = jdbc;
		this.database = database;
		this.watch = watch;
		this.table = table;
		this.name = name;
		this.holder = holder;
		this.clock = clock;
		this.all = all;
	}

	/**
	 * Hold the row, unless somebody does.
	 */
	boolean begin() {
		this.all.add(this);
		boolean held = false;
		try {
			held = hold();
		}
		finally {
			if (!held) {
				this.all.remove(this);
			}
		}
		return held;
	}

	private boolean hold() {
		return update(
				"update " + this.table + " set picked = ?, picked_by = ?, last_heartbeat = ?, "
						+ "version = version + 1 where task_name = ? and task_instance = ? and picked = ?",
				(statement) -> {
					statement.setBoolean(1, true);
					statement.setString(2, this.holder);
					this.database.dialect().setInstant(statement, 3, this.clock.instant());
					statement.setString(4, Rows.PERIODIC);
					statement.setString(5, this.name);
					statement.setBoolean(6, false);
				}) == 1;
	}

	void heartbeat(Future<?> regular) {
		this.heartbeat = regular;
	}

	void beat() {
		update("update " + this.table + " set last_heartbeat = ? where task_name = ? and task_instance = ? "
				+ "and picked_by = ?", (statement) -> {
					this.database.dialect().setInstant(statement, 1, this.clock.instant());
					statement.setString(2, Rows.PERIODIC);
					statement.setString(3, this.name);
					statement.setString(4, this.holder);
				});
	}

	/**
	 * Let the row go, as soon as the database answers.
	 * @param next when it is due, or {@code null} for when it was
	 */
	void end(@Nullable Instant next) {
		Future<?> beating = this.heartbeat;
		if (beating != null) {
			beating.cancel(false);
		}
		try {
			releaseWhenAnswered(next);
		}
		finally {
			this.all.remove(this);
		}
	}

	private void releaseWhenAnswered(@Nullable Instant next) {
		boolean tries = true;
		while (tries) {
			try {
				release(next);
				return;
			}
			catch (DataAccessException | TransactionException ex) {
				tries = this.watch.awaitAnswer(ex);
				if (!tries) {
					logger.warn("The periodic job '{}' could not be let go after it was triggered: another instance "
							+ "takes it over", this.name, ex);
				}
			}
		}
	}

	private void release(@Nullable Instant next) {
		update("update " + this.table + " set picked = ?, picked_by = null, last_heartbeat = null, "
				+ ((next != null) ? "execution_time = ?, " : "")
				+ "version = version + 1 where task_name = ? and task_instance = ? and picked_by = ?", (statement) -> {
					int index = 1;
					statement.setBoolean(index++, false);
					if (next != null) {
						this.database.dialect().setInstant(statement, index++, next);
					}
					statement.setString(index++, Rows.PERIODIC);
					statement.setString(index++, this.name);
					statement.setString(index, this.holder);
				});
	}

	/**
	 * Write, whatever becomes of a transaction of the calling thread.
	 */
	private int update(String statement, PreparedStatementSetter values) {
		return this.database.alone(() -> this.jdbc.update(statement, values));
	}

}
