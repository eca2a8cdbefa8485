package io.backgroundjobs.durable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.engine.Departure;
import io.backgroundjobs.engine.StoredJobType;
import io.backgroundjobs.engine.StoredWork;

/**
 * A stored job while this process carries it: one attempt.
 */
final class CarriedJob implements StoredWork {

	private final StoredJobType type;

	private final Payload payload;

	private final List<@Nullable Object> arguments;

	private final int priority;

	private final Instant fetchedAt;

	private final Runnable started;

	/** Holds it from when it is known until it is waited for. */
	private final BlockingQueue<Departure> departure = new ArrayBlockingQueue<>(1);

	CarriedJob(StoredJobType type, Payload payload, List<@Nullable Object> arguments, int priority, Instant fetchedAt,
			Runnable started) {
		this.type = type;
		this.payload = payload;
		this.arguments = arguments;
		this.priority = priority;
		this.fetchedAt = fetchedAt;
		this.started = started;
	}

	@Override
	public String id() {
		return this.payload.id();
	}

	@Override
	public JobKind kind() {
		return JobKind.DURABLE;
	}

	@Override
	public Instant createdAt() {
		return this.payload.created();
	}

	@Override
	public int attemptsBefore() {
		return this.payload.attempts();
	}

	@Override
	public JobOptions options() {
		JobOptions options = this.type.options().priority(this.priority);
		RetryPolicy policy = options.retry();
		return (policy != null)
				? options.retry(
						new RemainingRetries(policy, this.payload.attempts(), this.payload.started(), this.fetchedAt))
				: options;
	}

	@Override
	public Map<String, String> context() {
		return this.payload.context();
	}

	@Override
	public @Nullable Object run(JobContext context) throws Exception {
		return this.type.body().run(this.arguments, context);
	}

	@Override
	public void started(Job<?> job) {
		this.started.run();
	}

	@Override
	public void departed(Departure how) {
		this.departure.add(how);
	}

	/**
	 * Wait until the attempt is over and its body has left.
	 * @return how it left
	 */
	Departure await() throws InterruptedException {
		return this.departure.take();
	}

}
