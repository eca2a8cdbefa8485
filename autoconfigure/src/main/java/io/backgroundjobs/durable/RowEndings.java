package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Instant;
import java.util.function.BiConsumer;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can become of the row of a job that this instance has carried. Written again and
 * again while the database does not answer: the job has run, and must not run twice for
 * that.
 */
final class RowEndings {

	private static final Logger logger = LoggerFactory.getLogger(RowEndings.class);

	/**
	 * How often something is written to a database that answers, and does not take it.
	 */
	private static final int MOST_TRIES = 3;

	private final PayloadCodec codec;

	private final DatabaseWatch database;

	private final Clock clock;

	RowEndings(PayloadCodec codec, DatabaseWatch database, Clock clock) {
		this.codec = codec;
		this.database = database;
		this.clock = clock;
	}

	/**
	 * The job has ended, and nothing of it is kept.
	 */
	CompletionHandler<byte[]> remove() {
		return written((complete, row) -> row.remove());
	}

	/**
	 * The attempt does not count, and any instance may make it anew at once.
	 */
	CompletionHandler<byte[]> handBack() {
		return written((complete, row) -> row.reschedule(complete, this.clock.instant()));
	}

	/**
	 * What was done does not count, and the row is due as it was.
	 */
	CompletionHandler<byte[]> handBack(Instant due) {
		return written((complete, row) -> row.reschedule(complete, due));
	}

	/**
	 * The row is for something else from now on.
	 * @param then called once that is written
	 */
	CompletionHandler<byte[]> next(Instant due, byte @Nullable [] data, Runnable then) {
		return written((complete, row) -> {
			row.reschedule(complete, due, data);
			then.run();
		});
	}

	/**
	 * Another attempt follows.
	 */
	CompletionHandler<byte[]> again(Payload payload, Instant due) {
		return written((complete, row) -> row.reschedule(complete, due, this.codec.bytes(payload)));
	}

	/**
	 * The job has failed for good. Its key is free, as that of a job that has ended.
	 */
	CompletionHandler<byte[]> keep(Payload payload) {
		return written((complete, row) -> keepNow(payload, complete, row));
	}

	/**
	 * The job has failed for good: write that once, or not at all.
	 */
	void keepNow(Payload payload, ExecutionComplete complete, ExecutionOperations<byte[]> row) {
		TaskInstance<?> instance = complete.getExecution().taskInstance;
		row.removeAndScheduleNew(SchedulableInstance.of(
				Rows.row(instance.getTaskName(), payload.id(), this.codec.bytes(payload), instance.getPriority()),
				Rows.NEVER));
	}

	/**
	 * The job has failed for good, and nobody can say more about it.
	 */
	CompletionHandler<byte[]> keepAsItIs() {
		return written((complete, row) -> row.reschedule(complete, Rows.NEVER));
	}

	/**
	 * Leave the row as it is, held by an instance that is about to die.
	 */
	CompletionHandler<byte[]> leave() {
		return (complete, row) -> {
			// another instance takes it over
		};
	}

	private CompletionHandler<byte[]> written(BiConsumer<ExecutionComplete, ExecutionOperations<byte[]>> write) {
		return (complete, row) -> {
			for (int i = 1; true; i++) {
				try {
					write.accept(complete, row);
					return;
				}
				catch (ExecutionException | IllegalStateException ex) {
					// No row of this version: it was taken for dead.
					logger.warn("The durable job {} was taken over by another instance while it ran here: it runs "
							+ "twice", complete.getExecution().taskInstance.getTaskAndInstance(), ex);
					return;
				}
				catch (RuntimeException ex) {
					if (!this.database.awaitAnswer(ex) && i >= MOST_TRIES) {
						throw ex;
					}
				}
			}
		};
	}

}
