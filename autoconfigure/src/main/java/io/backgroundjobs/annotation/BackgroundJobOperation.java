package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.OnDuplicate;

/**
 * What a {@link BackgroundJob @BackgroundJob} says, read and checked once.
 *
 * @param place where the annotation is
 * @param options all but the key
 * @param key the key's expression, or {@code null} if calls have none
 * @param onDuplicate what happens to a second job of the same key
 * @param result what a call returns
 */
record BackgroundJobOperation(JobPlace place, JobOptions options, @Nullable KeyExpression key, OnDuplicate onDuplicate,
		Result result) {

	/**
	 * Read the annotation of a method.
	 * @param method the method, as the bean's class has it
	 * @param beanName the bean
	 * @param resolver resolves placeholders
	 * @return the operation
	 * @throws io.backgroundjobs.JobConfigurationException if it cannot work
	 */
	static BackgroundJobOperation read(Method method, String beanName, StringValueResolver resolver) {
		BackgroundJob job = JobAnnotations.require(method, BackgroundJob.class);
		JobPlace place = JobPlace.method(BackgroundJob.class, method, beanName);
		JobAttributes attributes = new JobAttributes(place, resolver);
		JobOptions options = attributes.runIn(attributes.options(job.name(), beanName + "." + method.getName()),
				job.pool(), job.timeout());
		Duration delay = attributes.notNegativeOrNull("delay", job.delay());
		if (delay != null) {
			options = options.delay(delay);
		}
		options = flags(options.priority(job.priority()), job);
		RetryPolicy retry = retry(attributes, job);
		if (retry != null) {
			options = options.retry(retry);
		}
		String key = attributes.text("key", job.key());
		if (key.isEmpty() && job.onDuplicate() != OnDuplicate.REJECT) {
			throw place.invalid("onDuplicate", job.onDuplicate(), "but there is no 'key' that could be a duplicate",
					"Give a 'key', such as key = \"#a0\", or remove the attribute.");
		}
		if (job.durable()) {
			requireStorable(attributes, job);
		}
		return new BackgroundJobOperation(place, options,
				!key.isEmpty() ? KeyExpression.parse(key, method, place) : null, job.onDuplicate(),
				job.durable() ? Result.ofDurable(method, place) : Result.of(method, place));
	}

	/**
	 * Whether the job is kept in the store until it has run.
	 * @return whether it is durable
	 */
	boolean isDurable() {
		return this.result == Result.STORED;
	}

	/**
	 * Return the options of one call.
	 * @param arguments the arguments of the call
	 * @return the options
	 * @throws IllegalArgumentException if the arguments give no key
	 */
	JobOptions options(@Nullable Object[] arguments) {
		return (this.key != null) ? this.options.key(this.key.evaluate(arguments), this.onDuplicate) : this.options;
	}

	private static void requireStorable(JobAttributes attributes, BackgroundJob job) {
		JobPlace place = attributes.place();
		if (attributes.text("name", job.name()).isEmpty()) {
			throw place.failure("is durable and has no name",
					"Give it a name: name = \"...\". Stored jobs are found by it, also after the bean or the method "
							+ "has been renamed.");
		}
		if (job.afterCommit()) {
			throw place.failure("is durable and waits for the commit",
					"Remove 'afterCommit': a durable job is part of the transaction anyway.");
		}
		if (job.onDuplicate() == OnDuplicate.REPLACE_PENDING) {
			throw place.invalid("onDuplicate", job.onDuplicate(), "which only jobs in memory can have",
					"Give REJECT or RETURN_EXISTING.");
		}
	}

	private static JobOptions flags(JobOptions options, BackgroundJob job) {
		JobOptions result = job.afterCommit() ? options.afterCommit() : options;
		return job.shielded() ? result.shielded() : result;
	}

	private static @Nullable RetryPolicy retry(JobAttributes attributes, BackgroundJob job) {
		JobPlace place = attributes.place();
		Duration delay = attributes.notNegativeOrNull("retryDelay", job.retryDelay());
		Duration maxDelay = attributes.positiveOrNull("retryMaxDelay", job.retryMaxDelay());
		if (job.maxRetries() < 0) {
			throw place.invalid("maxRetries", job.maxRetries(), "a negative number",
					"Give 0 for no retries, or a positive number.");
		}
		if (!(job.retryMultiplier() >= 1)) {
			throw place.invalid("retryMultiplier", job.retryMultiplier(), "which is below 1",
					"Give 1 for retries at a fixed delay, or more.");
		}
		if (job.maxRetries() == 0) {
			if (delay != null || maxDelay != null || job.retryMultiplier() != 1) {
				throw place.failure("says when to retry, but not how often",
						"Give 'maxRetries', or remove 'retryDelay', 'retryMultiplier' and 'retryMaxDelay'.");
			}
			return null;
		}
		if (delay != null && maxDelay != null && delay.compareTo(maxDelay) > 0) {
			throw place.invalid("retryDelay", job.retryDelay(),
					"which is longer than 'retryMaxDelay', '" + job.retryMaxDelay() + "'",
					"Give a 'retryMaxDelay' that is not shorter than 'retryDelay'.");
		}
		RetryPolicy.Builder policy = RetryPolicy.builder()
			.maxRetries(job.maxRetries())
			.multiplier(job.retryMultiplier())
			.delay((delay != null) ? delay : Duration.ofMillis(RetryPolicy.Builder.DEFAULT_DELAY));
		return ((maxDelay != null) ? policy.maxDelay(maxDelay) : policy).build();
	}

	/**
	 * What a call returns.
	 */
	enum Result {

		/**
		 * Nothing.
		 */
		NOTHING,

		/**
		 * The job.
		 */
		JOB,

		/**
		 * A view on the job.
		 */
		FUTURE,

		/**
		 * Nothing: the job goes to the store, and may run in another process.
		 */
		STORED;

		private static Result ofDurable(Method method, JobPlace place) {
			if (method.getReturnType() != void.class) {
				throw place.failure(
						"is durable and returns " + method.getReturnType().getSimpleName()
								+ ", but the job may run in another process",
						"Return nothing. Code that needs the identifier of the job spawns a DurableJob bean through "
								+ "DurableJobs.");
			}
			return STORED;
		}

		private static Result of(Method method, JobPlace place) {
			Class<?> type = method.getReturnType();
			if (type == void.class) {
				return NOTHING;
			}
			if (type == Job.class) {
				return JOB;
			}
			if (type == CompletableFuture.class || type == CompletionStage.class || type == Future.class) {
				return FUTURE;
			}
			throw place.failure("returns " + type.getSimpleName() + ", which a call that spawns cannot",
					"Return Job, CompletableFuture or nothing: 'return Job.completed(value)' makes a Job of a value.");
		}

	}

}
