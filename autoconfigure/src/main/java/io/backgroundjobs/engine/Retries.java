package io.backgroundjobs.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Which attempts of one run follow a failure, and when. Confined to whoever decides on
 * the current attempt.
 */
final class Retries {

	private static final Logger logger = LoggerFactory.getLogger(Retries.class);

	private final RetryPolicy policy;

	private final BackOffExecution backOff;

	/** When the whole run must have ended; nanoseconds of the clock. */
	private final long deadline;

	private final boolean bounded;

	Retries(RetryPolicy policy, long now) {
		this.policy = policy;
		this.backOff = policy.getBackOff().start();
		this.bounded = !policy.getTimeout().isZero();
		this.deadline = now + (this.bounded ? Waiting.nanos(policy.getTimeout()) : 0);
	}

	/**
	 * Decide on a failed attempt. Calls code of the user.
	 * @return nanoseconds to the next attempt, or {@link Extras#FINAL}
	 */
	long next(Throwable failure, long now) {
		try {
			if (!this.policy.shouldRetry(failure)) {
				return Extras.FINAL;
			}
			long millis = this.backOff.nextBackOff();
			if (millis == BackOffExecution.STOP) {
				return Extras.FINAL;
			}
			long delay = (millis >= 0) ? Waiting.nanos(Duration.ofMillis(millis)) : Extras.FINAL;
			return (this.bounded && delay >= remaining(now)) ? Extras.FINAL : delay;
		}
		catch (Throwable ex) {
			logger.error("The retry policy failed; the attempt was the last", ex);
			if (ex != failure) {
				failure.addSuppressed(ex);
			}
			return Extras.FINAL;
		}
	}

	/**
	 * Shorten the timeout of an attempt to what is left for the whole run.
	 * @param timeout nanoseconds, or 0 for none
	 */
	long bound(long timeout, long now) {
		if (!this.bounded) {
			return timeout;
		}
		long remaining = Math.max(1, remaining(now));
		return (timeout > 0) ? Math.min(timeout, remaining) : remaining;
	}

	private long remaining(long now) {
		return this.deadline - now;
	}

	static @Nullable Retries of(@Nullable RetryPolicy policy, long now) {
		return (policy != null) ? new Retries(policy, now) : null;
	}

}
