package io.backgroundjobs.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobOutcome;

/**
 * How stored work left the process that carried it.
 *
 * @since 1.0.0
 */
public sealed interface Departure {

	/**
	 * It has ended for good.
	 *
	 * @param outcome how it ended
	 * @param failure what the last attempt threw, or {@code null} if it did not fail
	 */
	record Ended(JobOutcome outcome, @Nullable Throwable failure) implements Departure {
	}

	/**
	 * The attempt failed, and another one follows.
	 *
	 * @param failure what the attempt threw
	 * @param delay how long the next one has to wait; not negative
	 */
	record Again(Throwable failure, Duration delay) implements Departure {
	}

	/**
	 * A shutdown came before the end. The attempt does not count.
	 */
	record HandedBack() implements Departure {
	}

}
