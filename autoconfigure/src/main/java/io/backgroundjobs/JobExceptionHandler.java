package io.backgroundjobs;

/**
 * A bean that is given each final failure that nobody took: no thread was inside
 * {@link Job#await()}, {@link JobSpawner#run} or {@link JobSpawner#shield} when the job
 * failed. Without such a bean the failure is logged at ERROR. All handlers are called, in
 * their order; what one throws is logged. Must be thread-safe.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface JobExceptionHandler {

	/**
	 * Handle a failure.
	 * @param job the job, which has ended
	 * @param failure what the last attempt threw, or a {@link JobTimeoutException}
	 */
	void handle(Job<?> job, Throwable failure);

}
