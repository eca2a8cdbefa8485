package io.backgroundjobs;

/**
 * The work of a {@link BackgroundTask}: runs until it is told to stop.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface JobLoop {

	/**
	 * Loop until {@link JobContext#isStopping()} or the thread is interrupted. Returning
	 * ends the task.
	 * @param context the running task
	 * @throws Exception any failure; the task ends, or starts again if its options have a
	 * retry policy that says so
	 */
	void run(JobContext context) throws Exception;

}
