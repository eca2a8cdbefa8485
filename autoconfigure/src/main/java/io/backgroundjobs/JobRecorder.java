package io.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * Records what the engine does, for meters. Other than a {@link JobListener} it is called
 * on whatever thread the engine is on, the clock's included, before those who wait for a
 * job are released: it must be fast, thread-safe, and must never block. What it throws is
 * logged and changes nothing. All times are nanoseconds.
 *
 * @since 1.0.0
 */
public interface JobRecorder {

	/**
	 * An attempt starts.
	 * @param job the job
	 * @param waited how long it was due and waited for a place
	 */
	default void started(Job<?> job, long waited) {
	}

	/**
	 * A tick's run starts.
	 * @param job the run
	 * @param late how long after its instant, without jitter; not negative
	 */
	default void late(Job<?> job, long late) {
	}

	/**
	 * A job has ended.
	 * @param job the job; its state does not show the end yet
	 * @param outcome how it ended
	 * @param failure what the last attempt threw, or {@code null} if it did not fail
	 * @param ran how long its attempts ran together; 0 if none was started
	 */
	default void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
	}

	/**
	 * Ticks have their result.
	 * @param name the name of the periodic job
	 * @param result the result
	 * @param count how many ticks; more than 1 only for missed ones
	 */
	default void ticked(String name, TickResult result, long count) {
	}

	/**
	 * A job was not accepted.
	 * @param pool the pool that it was for
	 * @param reason why
	 */
	default void rejected(String pool, RejectionReason reason) {
	}

}
