package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.RejectionReason;

/**
 * Whether the scheduler accepts a run at this moment. Asked under the lock of the run's
 * venue, so that nothing slips in once the drain has passed through that lock.
 */
@FunctionalInterface
interface Admission {

	/**
	 * Return why the run is refused.
	 * @return the reason, or {@code null} if the scheduler accepts it
	 */
	@Nullable RejectionReason refusal(JobRun<?> run);

	/**
	 * Whether the scheduler accepts every run, so that it need not be asked for each.
	 * Once it does not, all venues are told before anything relies on it.
	 */
	default boolean isOpen() {
		return false;
	}

}
