package io.backgroundjobs;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A pool: a named set of places where jobs run, and a queue in front of them. Declare one
 * as a bean, or by the properties {@code background-jobs.pools.<name>.*}, which win.
 *
 * @param name the name: {@code [a-z][a-z0-9-]*}
 * @param limit how many jobs run at most at the same time; at least 1
 * @param pendingLimit how many jobs wait at most; 0 for no queue
 * @param overflow what happens to a job when the queue is full
 * @param overflowTimeout how long a caller waits for room at most, under
 * {@link OverflowPolicy#BLOCK}; positive
 * @param timeout the running time of an attempt that says nothing else; {@code null} for
 * no limit
 * @param threads the kind of threads
 * @since 1.0.0
 */
public record PoolSpec(String name, int limit, int pendingLimit, OverflowPolicy overflow, Duration overflowTimeout,
		@Nullable Duration timeout, PoolThreads threads) {

	/**
	 * The name of the pool that always exists.
	 */
	public static final String DEFAULT_NAME = "default";

	/**
	 * How many jobs run at most at the same time, unless told otherwise.
	 */
	public static final int DEFAULT_LIMIT = 100;

	/**
	 * How many jobs wait at most, unless told otherwise.
	 */
	public static final int DEFAULT_PENDING_LIMIT = 10_000;

	/**
	 * How long a caller waits for room at most, unless told otherwise.
	 */
	public static final Duration DEFAULT_OVERFLOW_TIMEOUT = Duration.ofSeconds(5);

	public PoolSpec {
		JobChecks.requirePoolName(name);
		Objects.requireNonNull(overflow, "overflow");
		Objects.requireNonNull(threads, "threads");
		if (limit < 1) {
			throw invalid(name, "limit", limit, "Give 1 or more: a pool without a place would never run a job.");
		}
		if (pendingLimit < 0) {
			throw invalid(name, "pending-limit", pendingLimit, "Give 0 for no queue, or a positive number.");
		}
		if (overflowTimeout.isNegative() || overflowTimeout.isZero()) {
			throw invalid(name, "overflow-timeout", overflowTimeout,
					"Give a positive duration, such as 5s. For no wait at all set overflow to 'reject'.");
		}
		if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
			throw invalid(name, "timeout", timeout, "Give a positive duration, such as 30s, or 'none'.");
		}
	}

	/**
	 * Create a pool with the default settings.
	 * @param name the name: {@code [a-z][a-z0-9-]*}
	 * @return the pool
	 * @throws JobConfigurationException if the name is not of that form
	 */
	public static PoolSpec named(String name) {
		return new PoolSpec(name, DEFAULT_LIMIT, DEFAULT_PENDING_LIMIT, OverflowPolicy.BLOCK, DEFAULT_OVERFLOW_TIMEOUT,
				null, PoolThreads.AUTO);
	}

	/**
	 * Change how many jobs run at most at the same time.
	 * @param limit the limit; at least 1
	 * @return a copy with this limit
	 */
	public PoolSpec withLimit(int limit) {
		return new PoolSpec(this.name, limit, this.pendingLimit, this.overflow, this.overflowTimeout, this.timeout,
				this.threads);
	}

	/**
	 * Change how many jobs wait at most.
	 * @param pendingLimit the limit; 0 for no queue
	 * @return a copy with this limit
	 */
	public PoolSpec withPendingLimit(int pendingLimit) {
		return new PoolSpec(this.name, this.limit, pendingLimit, this.overflow, this.overflowTimeout, this.timeout,
				this.threads);
	}

	/**
	 * Change what happens to a job when the queue is full.
	 * @param overflow the policy
	 * @return a copy with this policy
	 */
	public PoolSpec withOverflow(OverflowPolicy overflow) {
		return new PoolSpec(this.name, this.limit, this.pendingLimit, overflow, this.overflowTimeout, this.timeout,
				this.threads);
	}

	/**
	 * Change how long a caller waits for room at most.
	 * @param overflowTimeout the time; positive
	 * @return a copy with this time
	 */
	public PoolSpec withOverflowTimeout(Duration overflowTimeout) {
		return new PoolSpec(this.name, this.limit, this.pendingLimit, this.overflow, overflowTimeout, this.timeout,
				this.threads);
	}

	/**
	 * Change the running time of an attempt that says nothing else.
	 * @param timeout the time, or {@code null} for no limit
	 * @return a copy with this timeout
	 */
	public PoolSpec withTimeout(@Nullable Duration timeout) {
		return new PoolSpec(this.name, this.limit, this.pendingLimit, this.overflow, this.overflowTimeout, timeout,
				this.threads);
	}

	/**
	 * Change the kind of threads.
	 * @param threads the kind
	 * @return a copy with this kind
	 */
	public PoolSpec withThreads(PoolThreads threads) {
		return new PoolSpec(this.name, this.limit, this.pendingLimit, this.overflow, this.overflowTimeout, this.timeout,
				threads);
	}

	private static JobConfigurationException invalid(String pool, String property, Object value, String action) {
		return new JobConfigurationException("The " + property + " of the pool '" + pool + "' is " + value, action);
	}

}
