package io.backgroundjobs.durable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.engine.ClusterPosition;
import io.backgroundjobs.engine.ClusterStep;
import io.backgroundjobs.engine.ClusterWork;

/**
 * The rows of the periodic jobs that the instances share: one for each, which is due when
 * the job is.
 */
final class PeriodicRows {

	private static final Logger logger = LoggerFactory.getLogger(PeriodicRows.class);

	private final Map<String, ClusterWork> jobs = new ConcurrentHashMap<>();

	private final Intake intake;

	private final RowEndings endings;

	PeriodicRows(Intake intake, RowEndings endings) {
		this.intake = intake;
		this.endings = endings;
	}

	void add(ClusterWork work) {
		this.jobs.put(work.name(), work);
	}

	void remove(ClusterWork work) {
		this.jobs.remove(work.name(), work);
	}

	boolean isEmpty() {
		return this.jobs.isEmpty();
	}

	Iterable<ClusterWork> all() {
		return this.jobs.values();
	}

	/**
	 * Return what db-scheduler does with all these rows.
	 */
	Task<byte[]> task() {
		return Tasks.custom(Rows.PERIODIC, byte[].class)
			.onFailure(PeriodicRows::leave)
			.onDeadExecution(PeriodicRows::takeOver)
			.execute(this::execute);
	}

	/**
	 * Let a row be there, and be due when it should.
	 */
	static void prepare(SchedulerClient client, ClusterWork work) {
		TaskInstance<byte[]> row = Rows.row(Rows.PERIODIC, work.name(), null, work.priority());
		if (client.scheduleIfNotExists(row, work.first())) {
			return;
		}
		client.getScheduledExecution(row).filter((existing) -> !existing.isPicked()).ifPresent((existing) -> {
			Instant due = work.due(existing.getExecutionTime());
			if (!due.equals(existing.getExecutionTime())) {
				reschedule(client, row, due);
			}
		});
	}

	private static void reschedule(SchedulerClient client, TaskInstanceId row, Instant due) {
		try {
			client.reschedule(row, due);
		}
		catch (TaskInstanceException ex) {
			// Another instance runs it by now, and names the next instant.
			logger.debug("Not rescheduled: {}", row, ex);
		}
	}

	private CompletionHandler<byte[]> execute(TaskInstance<byte[]> row, ExecutionContext context) {
		Execution execution = context.getExecution();
		ClusterWork work = this.jobs.get(row.getId());
		if (work == null) {
			return this.endings.handBack(execution.executionTime);
		}
		return this.intake.carry(work.pool(), (started) -> carry(work, row, execution.executionTime, started));
	}

	private CompletionHandler<byte[]> carry(ClusterWork work, TaskInstance<byte[]> row, Instant due, Runnable started) {
		ClusterPosition position = new ClusterPosition(due, after(row.getData()));
		try {
			ClusterStep step = work.carry(position, started);
			return (step != null) ? this.endings.next(step.next().due(), bytes(step.next().after()),
					() -> work.accounted(position, step)) : this.endings.handBack(due);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.endings.leave();
		}
	}

	private static byte @Nullable [] bytes(@Nullable Instant after) {
		return (after != null) ? after.toString().getBytes(StandardCharsets.UTF_8) : null;
	}

	private static @Nullable Instant after(byte @Nullable [] data) {
		return (data != null) ? Instant.parse(new String(data, StandardCharsets.UTF_8)) : null;
	}

	private static void leave(ExecutionComplete complete, ExecutionOperations<byte[]> row) {
		logger.error("The periodic job '{}' could not be carried", complete.getExecution().taskInstance.getId(),
				complete.getCause().orElse(null));
	}

	/**
	 * The instance that ran it has died: let it be due as it was.
	 */
	private static void takeOver(ExecutionComplete complete, ExecutionOperations<byte[]> row) {
		Execution execution = complete.getExecution();
		try {
			row.reschedule(complete, execution.executionTime);
			logger.info("The periodic job '{}' is taken over from instance '{}', which has died",
					execution.taskInstance.getId(), execution.pickedBy);
		}
		catch (DbSchedulerException ex) {
			// Another instance was quicker.
			logger.debug("Not taken over: {}", execution, ex);
		}
	}

}
