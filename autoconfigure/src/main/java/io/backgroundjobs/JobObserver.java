package io.backgroundjobs;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContextPropagator.Scope;

/**
 * Follows each attempt of a job from its start to its end, on whatever threads these are:
 * for observations and traces. Must be fast and thread-safe, and must not block: like a
 * {@link JobRecorder} it is called before those who wait for a job are released, but
 * never on the clock's thread. What it throws is logged and changes nothing.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface JobObserver {

	/**
	 * An attempt is about to enter its body, on the calling thread. The job's context is
	 * bound; for a tick it is empty.
	 * @param job the job; {@link Job#attempts()} counts this attempt
	 * @return what follows the attempt, or {@code null} if nothing does
	 */
	@Nullable ObservedAttempt start(Job<?> job);

	/**
	 * One attempt that is observed.
	 */
	interface ObservedAttempt {

		/**
		 * Make the attempt the current one of the calling thread. Called around the body,
		 * and on other threads around what is told of the attempt and logged about it,
		 * after {@link #stop} too.
		 * @return closed on the same thread; restores what was current before, whatever
		 * the body has left behind
		 */
		Scope openScope();

		/**
		 * The attempt is over. Called once; a body that ignores its interrupt may still
		 * run.
		 * @param outcome how it ended; also for an attempt that another one follows
		 * @param failure what it threw, a {@link JobTimeoutException} if it timed out, or
		 * {@code null} if it did not fail
		 */
		void stop(JobOutcome outcome, @Nullable Throwable failure);

	}

}
