package io.backgroundjobs.durable;

import java.time.Clock;

import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.durable.Payload.Failure;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Makes db-scheduler's tasks of kinds of jobs.
 */
final class StoredJobTasks {

	private static final Logger logger = LoggerFactory.getLogger(StoredJobTasks.class);

	/**
	 * How many instances in a row may die while they run a job. One that kills whatever
	 * runs it must not go round for ever.
	 */
	private static final int MOST_LOSSES = 10;

	private final JobEngine engine;

	private final PayloadCodec codec;

	private final Intake intake;

	private final RowEndings endings;

	private final Clock clock;

	StoredJobTasks(JobEngine engine, PayloadCodec codec, Intake intake, RowEndings endings, Clock clock) {
		this.engine = engine;
		this.codec = codec;
		this.intake = intake;
		this.endings = endings;
		this.clock = clock;
	}

	Task<byte[]> task(StoredJobType type) {
		return Tasks.custom(type.name(), byte[].class)
			.onFailure(StoredJobTasks::leave)
			.onDeadExecution(this::takeOver)
			.execute(new StoredJobExecution(type, this.engine.poolOf(type.options()), this.engine, this.codec,
					this.intake, this.endings, this.clock));
	}

	/**
	 * What went wrong is no job's failure: those are dealt with where they run. The row
	 * stays held until the heartbeat has stopped.
	 */
	private static void leave(ExecutionComplete complete, ExecutionOperations<byte[]> row) {
		logger.error("The durable job {} could not be carried",
				complete.getExecution().taskInstance.getTaskAndInstance(), complete.getCause().orElse(null));
	}

	/**
	 * The instance that ran it has died: let it be due again.
	 */
	@SuppressWarnings("unchecked")
	private void takeOver(ExecutionComplete complete, ExecutionOperations<byte[]> row) {
		TaskInstance<byte[]> instance = complete.getExecution().taskInstance;
		try {
			Payload payload = this.codec.payload(instance.getData()).afterLoss();
			if (payload.lost() < MOST_LOSSES) {
				row.reschedule(complete, this.clock.instant(), this.codec.bytes(payload));
				logger.info("The durable job '{}' ({}) is taken over from instance '{}', which has died",
						instance.getTaskName(), payload.id(), complete.getExecution().pickedBy);
				return;
			}
			String message = payload.lost() + " instances in a row have died while they ran it";
			logger.error("The durable job '{}' ({}) is kept as failed: {}", instance.getTaskName(), payload.id(),
					message);
			Failure failure = new Failure("InstanceDied", message, null, this.clock.instant());
			// Not again and again: this is the thread that sees whether the database is
			// back.
			this.endings.keepNow(payload.brokenBy(failure), complete, row);
		}
		catch (UnreadablePayloadException ex) {
			// Whoever fetches it says so.
			row.reschedule(complete, this.clock.instant());
		}
		catch (DbSchedulerException ex) {
			// Another instance was quicker.
			logger.debug("Not taken over: {}", instance, ex);
		}
	}

}
