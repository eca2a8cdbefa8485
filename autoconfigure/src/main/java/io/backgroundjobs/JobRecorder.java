package io.backgroundjobs;

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
	 * @param job the job; {@link Job#outcome()} is set
	 * @param ran how long its attempts ran together; 0 if none was started
	 */
	default void ended(Job<?> job, long ran) {
	}

	/**
	 * A tick has its result.
	 * @param name the name of the periodic job
	 * @param result the result
	 */
	default void ticked(String name, TickResult result) {
	}

	/**
	 * A job was not accepted.
	 * @param pool the pool that it was for
	 * @param reason why
	 */
	default void rejected(String pool, RejectionReason reason) {
	}

}
