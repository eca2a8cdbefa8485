package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.ExecutionTimeAndId;
import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.ScheduledExecutionsFilter;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.JobState;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.durable.Payload.Failure;

/**
 * The rows of jobs, as people want to see and change them.
 */
final class StoredRows {

	private final SchedulerClient client;

	private final JdbcTemplate jdbc;

	private final JdbcCustomization database;

	private final String table;

	private final PayloadCodec codec;

	private final Clock clock;

	StoredRows(SchedulerClient client, DataSource dataSource, JdbcCustomization database, String table,
			PayloadCodec codec, Clock clock) {
		this.client = client;
		this.jdbc = new JdbcTemplate(dataSource);
		this.database = database;
		this.table = table;
		this.codec = codec;
		this.clock = clock;
	}

	Optional<StoredJob> find(String name, String instance) {
		return row(name, instance).map(this::job);
	}

	List<StoredJob> failed(@Nullable String name, int limit) {
		// From just before that instant on, so that it is included.
		ScheduledExecutionsFilter filter = ScheduledExecutionsFilter.all()
			.withPicked(false)
			.after(new ExecutionTimeAndId(Rows.NEVER.minusSeconds(1), ""))
			.limit(limit);
		List<StoredJob> jobs = new ArrayList<>();
		if (name != null) {
			this.client.fetchScheduledExecutionsForTask(name, byte[].class, filter, (row) -> jobs.add(job(row)));
		}
		else {
			this.client.fetchScheduledExecutions(filter, (row) -> jobs.add(job(row)));
		}
		return jobs;
	}

	List<DurableQueue> queues(Predicate<String> known) {
		Instant now = this.clock.instant();
		String waits = "picked = ? and execution_time <= ?";
		return this.jdbc.query("select task_name, sum(case when picked = ? then 1 else 0 end) as running, "
				+ "sum(case when " + waits + " then 1 else 0 end) as pending, "
				+ "sum(case when picked = ? and execution_time > ? and execution_time < ? then 1 else 0 end) as later, "
				+ "sum(case when picked = ? and execution_time >= ? then 1 else 0 end) as failed, " + "min(case when "
				+ waits + " then execution_time end) as oldest from " + this.table
				+ " where task_name <> ? group by task_name order by task_name", (statement) -> {
					statement.setBoolean(1, true);
					statement.setBoolean(2, false);
					this.database.setInstant(statement, 3, now);
					statement.setBoolean(4, false);
					this.database.setInstant(statement, 5, now);
					this.database.setInstant(statement, 6, Rows.NEVER);
					statement.setBoolean(7, false);
					this.database.setInstant(statement, 8, Rows.NEVER);
					statement.setBoolean(9, false);
					this.database.setInstant(statement, 10, now);
					statement.setString(11, Rows.PERIODIC);
				},
				(rows, number) -> new DurableQueue(rows.getString("task_name"), known.test(rows.getString("task_name")),
						rows.getLong("pending"), rows.getLong("later"), rows.getLong("running"), rows.getLong("failed"),
						this.database.getInstant(rows, "oldest")));
	}

	/**
	 * Let a failed job be due.
	 */
	boolean retry(String name, String instance) {
		ScheduledExecution<Object> row = failedRow(name, instance);
		if (row == null) {
			return false;
		}
		Instant now = this.clock.instant();
		try {
			Payload payload = this.codec.payload(row.getRawData());
			return unlessGone(
					() -> this.client.reschedule(row.getTaskInstance(), now, this.codec.bytes(payload.anew())));
		}
		catch (UnreadablePayloadException ex) {
			// Another version of the application may be able to read it.
			return unlessGone(() -> this.client.reschedule(row.getTaskInstance(), now));
		}
	}

	boolean delete(String name, String instance) {
		ScheduledExecution<Object> row = failedRow(name, instance);
		return row != null && remove(row.getTaskInstance());
	}

	/**
	 * Remove a row that no instance runs.
	 */
	boolean remove(TaskInstanceId row) {
		return unlessGone(() -> {
			this.client.cancel(row);
			return true;
		});
	}

	private @Nullable ScheduledExecution<Object> failedRow(String name, String instance) {
		return row(name, instance).filter((row) -> !row.isPicked() && Rows.hasFailed(row.getExecutionTime()))
			.orElse(null);
	}

	private Optional<ScheduledExecution<Object>> row(String name, String instance) {
		// The rows of periodic jobs are nobody's to change.
		return name.equals(Rows.PERIODIC) ? Optional.empty()
				: this.client.getScheduledExecution(TaskInstanceId.of(name, instance));
	}

	/**
	 * Another instance, or another operator, may have been quicker.
	 */
	private static boolean unlessGone(BooleanSupplier change) {
		try {
			return change.getAsBoolean();
		}
		catch (TaskInstanceException ex) {
			return false;
		}
	}

	StoredJob job(ScheduledExecution<?> row) {
		TaskInstanceId instance = row.getTaskInstance();
		Instant due = row.getExecutionTime();
		boolean failed = !row.isPicked() && Rows.hasFailed(due);
		JobState state = row.isPicked() ? JobState.RUNNING : state(due);
		try {
			Payload payload = this.codec.payload(row.getRawData());
			Failure failure = payload.failure();
			return new StoredJob(instance.getTaskName(), instance.getId(), payload.id(), state, payload.created(),
					failed ? null : due, payload.attempts(), row.getPickedBy(),
					(failure != null) ? failure.text() : null, (failure != null) ? failure.at() : null);
		}
		catch (UnreadablePayloadException ex) {
			return new StoredJob(instance.getTaskName(), instance.getId(), instance.getId(), state, Instant.EPOCH,
					failed ? null : due, 0, row.getPickedBy(), ex.toString(), null);
		}
	}

	private JobState state(Instant due) {
		if (Rows.hasFailed(due)) {
			return JobState.FAILED;
		}
		return due.isAfter(this.clock.instant()) ? JobState.SCHEDULED : JobState.PENDING;
	}

}
