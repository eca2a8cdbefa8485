package io.backgroundjobs;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;

/**
 * How a job runs: its name, and whatever shall differ from the settings of its pool.
 * Immutable; each method returns a copy.
 *
 * <pre class="code">
 * JobOptions.named("send-receipt").pool("mail").timeout(Duration.ofSeconds(30))
 * </pre>
 *
 * @since 1.0.0
 */
public final class JobOptions {

	private final String name;

	private final @Nullable String pool;

	private final @Nullable Duration timeout;

	private final Duration delay;

	private final int priority;

	private final boolean shielded;

	private final boolean afterCommit;

	private final @Nullable RetryPolicy retry;

	private final @Nullable JobKey key;

	private JobOptions(Draft draft) {
		this.name = draft.name;
		this.pool = draft.pool;
		this.timeout = draft.timeout;
		this.delay = draft.delay;
		this.priority = draft.priority;
		this.shielded = draft.shielded;
		this.afterCommit = draft.afterCommit;
		this.retry = draft.retry;
		this.key = draft.key;
	}

	/**
	 * Create options with a name and nothing else.
	 * @param name the name of the job: {@code [A-Za-z0-9][A-Za-z0-9._-]*}
	 * @return the options
	 * @throws JobConfigurationException if the name is not of that form
	 */
	public static JobOptions named(String name) {
		requireName(name);
		return new JobOptions(new Draft(name));
	}

	/**
	 * Check the form of a job's name.
	 * @param name the name
	 * @throws JobConfigurationException if it is not {@code [A-Za-z0-9][A-Za-z0-9._-]*}
	 */
	public static void requireName(String name) {
		JobChecks.requireJobName(name);
	}

	/**
	 * Run in another pool than {@code default}.
	 * @param pool the name of the pool
	 * @return a copy with this pool
	 */
	public JobOptions pool(String pool) {
		Objects.requireNonNull(pool, "pool");
		return with((draft) -> draft.pool = pool);
	}

	/**
	 * Limit the running time of each attempt. Time in the queue does not count.
	 * @param timeout the running time; positive
	 * @return a copy with this timeout
	 */
	public JobOptions timeout(Duration timeout) {
		JobChecks.requirePositive("timeout of the job '" + this.name + "'", timeout);
		return with((draft) -> draft.timeout = timeout);
	}

	/**
	 * Do not limit the running time, whatever the pool's timeout is.
	 * @return a copy without a timeout
	 */
	public JobOptions noTimeout() {
		return with((draft) -> draft.timeout = Duration.ZERO);
	}

	/**
	 * Run later. A delayed job counts against its pool's pending limit from its spawn, so
	 * that it is never rejected when it is due.
	 * @param delay how long after the spawn the job is due; not negative
	 * @return a copy with this delay
	 */
	public JobOptions delay(Duration delay) {
		JobChecks.requireNotNegative("delay of the job '" + this.name + "'", delay);
		return with((draft) -> draft.delay = delay);
	}

	/**
	 * Run ahead of pending jobs with a lower number. Among equal numbers the order is
	 * that of the spawns.
	 * @param priority the priority; 0 unless given, higher goes first
	 * @return a copy with this priority
	 */
	public JobOptions priority(int priority) {
		return with((draft) -> draft.priority = priority);
	}

	/**
	 * Let nobody cancel the job, and let a shutdown wait for it until its shield timeout.
	 * Its run timeout still applies.
	 * @return a copy that is shielded
	 */
	public JobOptions shielded() {
		return with((draft) -> draft.shielded = true);
	}

	/**
	 * Try again when an attempt fails. Between attempts the job holds neither a thread
	 * nor a place. The policy's own timeout bounds the whole job.
	 * @param policy which failures are tried again, how often and when
	 * @return a copy with this policy
	 */
	public JobOptions retry(RetryPolicy policy) {
		Objects.requireNonNull(policy, "policy");
		return with((draft) -> draft.retry = policy);
	}

	/**
	 * Allow one live job of this name and key.
	 * @param key the key
	 * @param onDuplicate what happens to a second one
	 * @return a copy with this key
	 */
	public JobOptions key(String key, OnDuplicate onDuplicate) {
		return with((draft) -> draft.key = new JobKey.Unique(key, onDuplicate));
	}

	/**
	 * Run the last of a burst, once it has been quiet.
	 * @param key the key that makes jobs of this name one burst
	 * @param quiet how long no further job may come; positive
	 * @param maxWait how long after the first one the last one runs at the latest
	 * @return a copy with this key
	 */
	public JobOptions debounce(String key, Duration quiet, Duration maxWait) {
		return with((draft) -> draft.key = new JobKey.Debounce(key, quiet, maxWait));
	}

	/**
	 * Run the first, and reject others until a period has passed.
	 * @param key the key
	 * @param period how long others are rejected; positive
	 * @return a copy with this key
	 */
	public JobOptions throttle(String key, Duration period) {
		return with((draft) -> draft.key = new JobKey.Throttle(key, period));
	}

	/**
	 * Hand the job over when the caller's transaction commits, and never if it rolls
	 * back. Room is reserved at once, so that a full pool is noticed inside of the
	 * transaction. Without a transaction the job is handed over at once.
	 * @return a copy that waits for the commit
	 */
	public JobOptions afterCommit() {
		return with((draft) -> draft.afterCommit = true);
	}

	/**
	 * Return the name of the job.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the pool.
	 * @return the name of the pool, or {@code null} if none was given
	 */
	public @Nullable String pool() {
		return this.pool;
	}

	/**
	 * Return the limit of the running time.
	 * @return the timeout, {@link Duration#ZERO} for no limit, or {@code null} if the
	 * pool decides
	 */
	public @Nullable Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return how long after its spawn the job is due.
	 * @return the delay; zero if none was given
	 */
	public Duration delay() {
		return this.delay;
	}

	/**
	 * Return the priority.
	 * @return the priority; 0 unless given
	 */
	public int priority() {
		return this.priority;
	}

	/**
	 * Whether the job is shielded.
	 * @return whether nobody can cancel it
	 */
	public boolean isShielded() {
		return this.shielded;
	}

	/**
	 * Whether the job waits for the caller's transaction.
	 * @return whether it is handed over at the commit
	 */
	public boolean isAfterCommit() {
		return this.afterCommit;
	}

	/**
	 * Return the retry policy.
	 * @return the policy, or {@code null} if a failure is final
	 */
	public @Nullable RetryPolicy retry() {
		return this.retry;
	}

	/**
	 * Return the key.
	 * @return the key, or {@code null} if the job has none
	 */
	public @Nullable JobKey key() {
		return this.key;
	}

	private JobOptions with(Consumer<Draft> change) {
		Draft draft = new Draft(this);
		change.accept(draft);
		return new JobOptions(draft);
	}

	/**
	 * What a copy is made from; never leaves this class.
	 */
	private static final class Draft {

		private final String name;

		private @Nullable String pool;

		private @Nullable Duration timeout;

		private Duration delay = Duration.ZERO;

		private int priority;

		private boolean shielded;

		private boolean afterCommit;

		private @Nullable RetryPolicy retry;

		private @Nullable JobKey key;

		private Draft(String name) {
			this.name = name;
		}

		private Draft(JobOptions options) {
			this.name = options.name;
			this.pool = options.pool;
			this.timeout = options.timeout;
			this.delay = options.delay;
			this.priority = options.priority;
			this.shielded = options.shielded;
			this.afterCommit = options.afterCommit;
			this.retry = options.retry;
			this.key = options.key;
		}

	}

}
