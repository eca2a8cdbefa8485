package io.backgroundjobs.durable;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.task.Execution;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.durable.Intake.Batch;

/**
 * How db-scheduler asks the database, narrowed to the jobs that this instance knows and
 * has room for.
 */
final class FetchQueries implements JdbcCustomization {

	/** As the column is wide; longer names are cut. */
	private static final int LONGEST_NAME = 50;

	private final JdbcCustomization database;

	private final boolean locksAndFetches;

	private final Arrivals arrivals;

	private final Intake intake;

	/**
	 * Create the queries.
	 * @param database what is particular to the database
	 * @param locksAndFetches whether due jobs are locked and fetched in one statement,
	 * which only PostgreSQL can
	 * @param arrivals what was found and is still on its way
	 * @param intake says what to ask for
	 */
	FetchQueries(JdbcCustomization database, boolean locksAndFetches, Arrivals arrivals, Intake intake) {
		this.database = database;
		this.locksAndFetches = locksAndFetches;
		this.arrivals = arrivals;
		this.intake = intake;
	}

	/**
	 * Wait for what the last look has found, and see what to ask for after that.
	 */
	private Batch next(int limit) {
		if (!this.arrivals.await()) {
			return Batch.NONE;
		}
		Batch batch = this.intake.next(limit);
		// After a full one there may be more; of a pool that is full by then when that
		// has room.
		this.arrivals.begin(batch.isEmpty() ? Integer.MAX_VALUE : batch.limit());
		return batch;
	}

	@Override
	public String getName() {
		return this.database.getName();
	}

	@Override
	public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
		this.database.setInstant(statement, index, value);
	}

	@Override
	public @Nullable Instant getInstant(ResultSet rows, String column) throws SQLException {
		return this.database.getInstant(rows, column);
	}

	@Override
	public void setTaskData(PreparedStatement statement, int index, byte[] value) throws SQLException {
		this.database.setTaskData(statement, index, value);
	}

	@Override
	public byte[] getTaskData(ResultSet rows, String column) throws SQLException {
		return this.database.getTaskData(rows, column);
	}

	@Override
	public boolean supportsExplicitQueryLimitPart() {
		return this.database.supportsExplicitQueryLimitPart();
	}

	@Override
	public String getQueryLimitPart(int limit) {
		return this.database.getQueryLimitPart(limit);
	}

	@Override
	public boolean supportsSingleStatementLockAndFetch() {
		return this.locksAndFetches;
	}

	@Override
	public boolean supportsGenericLockAndFetch() {
		return false;
	}

	@Override
	public String createGenericSelectForUpdateQuery(String table, int limit, String condition, boolean byPriority) {
		throw new UnsupportedOperationException("Jobs are locked and fetched in one statement, or not at all");
	}

	@Override
	public String createSelectDueQuery(String table, int limit, String condition, boolean byPriority) {
		Batch batch = next(limit);
		return this.database.createSelectDueQuery(table, batch.limit(), condition + batch.condition(), byPriority);
	}

	@Override
	public List<Execution> lockAndFetchSingleStatement(JdbcTaskRepositoryContext context, Instant now, int limit,
			boolean byPriority) {
		Batch batch = next(limit);
		if (batch.isEmpty()) {
			return List.of();
		}
		String query = "with due as materialized (select task_name, task_instance from " + context.tableName
				+ " where not picked and execution_time <= ?" + batch.condition()
				+ "order by priority desc, execution_time limit " + batch.limit() + " for update skip locked) update "
				+ context.tableName
				+ " job set picked = ?, picked_by = ?, last_heartbeat = ?, version = version + 1 from due"
				+ " where job.task_name = due.task_name and job.task_instance = due.task_instance returning job.*";
		String instance = context.schedulerName.getName();
		List<Execution> locked = context.jdbcRunner.query(query, (statement) -> {
			setInstant(statement, 1, now);
			statement.setBoolean(2, true);
			statement.setString(3, instance.substring(0, Math.min(instance.length(), LONGEST_NAME)));
			setInstant(statement, 4, now);
		}, context.resultSetMapper.get());
		// The rows come in no order.
		return locked.stream()
			.sorted(Comparator.comparingInt((Execution job) -> -job.taskInstance.getPriority())
				.thenComparing((job) -> job.executionTime))
			.toList();
	}

}
