package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.durable.Payload.Failure;
import io.backgroundjobs.engine.Departure;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.StoredJobType;

/**
 * What a carrier does with a job that has been fetched: hands it to the engine, waits
 * until it has left, and says what becomes of its row.
 */
final class StoredJobExecution implements ExecutionHandler<byte[]> {

	private static final Logger logger = LoggerFactory.getLogger(StoredJobExecution.class);

	private final StoredJobType type;

	private final String pool;

	private final JobEngine engine;

	private final PayloadCodec codec;

	private final Intake intake;

	private final RowEndings endings;

	private final Clock clock;

	StoredJobExecution(StoredJobType type, String pool, JobEngine engine, PayloadCodec codec, Intake intake,
			RowEndings endings, Clock clock) {
		this.type = type;
		this.pool = pool;
		this.engine = engine;
		this.codec = codec;
		this.intake = intake;
		this.endings = endings;
		this.clock = clock;
	}

	@Override
	public CompletionHandler<byte[]> execute(TaskInstance<byte[]> instance, ExecutionContext context) {
		return this.intake.carry(this.pool, (started) -> carry(instance, started));
	}

	private CompletionHandler<byte[]> carry(TaskInstance<byte[]> instance, Runnable started) {
		Payload payload;
		List<@Nullable Object> arguments;
		try {
			payload = this.codec.payload(instance.getData());
		}
		catch (UnreadablePayloadException ex) {
			logger.error("The durable job '{}' ({}) cannot be read, and is kept as failed", instance.getTaskName(),
					instance.getId(), ex);
			return this.endings.keepAsItIs();
		}
		try {
			arguments = this.codec.read(this.type, payload);
		}
		catch (UnreadablePayloadException ex) {
			logger.error("The durable job '{}' ({}) does not fit this version of the application, and is kept as "
					+ "failed", instance.getTaskName(), payload.id(), ex);
			return this.endings.keep(payload.brokenBy(Failure.of(ex, this.clock.instant())));
		}
		Instant fetchedAt = this.clock.instant();
		CarriedJob job = new CarriedJob(this.type, payload, arguments, instance.getPriority(), fetchedAt, started);
		if (this.engine.carry(job) != null) {
			return this.endings.handBack();
		}
		try {
			return ending(payload, job.await(), fetchedAt);
		}
		catch (InterruptedException ex) {
			// The process does not wait for the body any more: once its heartbeat has
			// stopped, another instance takes the row over.
			Thread.currentThread().interrupt();
			return this.endings.leave();
		}
	}

	private CompletionHandler<byte[]> ending(Payload payload, Departure departure, Instant fetchedAt) {
		Instant now = this.clock.instant();
		if (departure instanceof Departure.HandedBack) {
			return this.endings.handBack();
		}
		if (departure instanceof Departure.Again again) {
			return this.endings.again(payload.failed(Failure.of(again.failure(), now), fetchedAt),
					now.plus(again.delay()));
		}
		Departure.Ended ended = (Departure.Ended) departure;
		Throwable failure = ended.failure();
		if (failure != null && ended.outcome() != JobOutcome.SUCCEEDED) {
			return this.endings.keep(payload.failed(Failure.of(failure, now), fetchedAt));
		}
		return this.endings.remove();
	}

}
