package io.backgroundjobs.durable;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * What is left of a retry policy after the attempts that other processes may have made.
 */
final class RemainingRetries implements RetryPolicy {

	private final RetryPolicy policy;

	private final int attempts;

	private final @Nullable Instant started;

	private final Instant now;

	/**
	 * Create the rest of a policy.
	 * @param policy the policy
	 * @param attempts how many attempts there were
	 * @param started when the first of them began, or {@code null} if there was none
	 * @param now the present instant
	 */
	RemainingRetries(RetryPolicy policy, int attempts, @Nullable Instant started, Instant now) {
		this.policy = policy;
		this.attempts = attempts;
		this.started = started;
		this.now = now;
	}

	@Override
	public boolean shouldRetry(Throwable failure) {
		return this.policy.shouldRetry(failure);
	}

	@Override
	public Duration getTimeout() {
		Duration timeout = this.policy.getTimeout();
		if (timeout.isZero() || this.started == null) {
			return timeout;
		}
		Duration left = timeout.minus(Duration.between(this.started, this.now));
		// Zero would be no timeout at all.
		return (left.compareTo(Duration.ofMillis(1)) > 0) ? left : Duration.ofMillis(1);
	}

	@Override
	public BackOff getBackOff() {
		BackOff whole = this.policy.getBackOff();
		return () -> {
			BackOffExecution rest = whole.start();
			for (int i = 0; i < this.attempts; i++) {
				rest.nextBackOff();
			}
			return rest;
		};
	}

}
