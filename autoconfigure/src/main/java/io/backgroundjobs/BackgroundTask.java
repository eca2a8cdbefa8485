package io.backgroundjobs;

import java.time.Duration;

/**
 * A loop that runs until it is closed. It is a job of the kind
 * {@link JobKind#BACKGROUND}, and holds a place of its pool all the time. Thread-safe.
 *
 * @since 1.0.0
 */
public interface BackgroundTask extends AutoCloseable {

	/**
	 * Return the name of the task.
	 * @return the name
	 */
	String name();

	/**
	 * Return the job that runs the loop.
	 * @return the job
	 */
	Job<?> job();

	/**
	 * Whether the loop has not ended.
	 * @return whether the loop runs, waits for a place or for its next start
	 */
	boolean isRunning();

	/**
	 * Cancel the loop and wait for its body to leave, no longer than the scheduler's
	 * close timeout. A second call does nothing. Called from inside the loop, it does not
	 * wait.
	 */
	@Override
	void close();

	/**
	 * Cancel the loop and wait for its body to leave.
	 * @param timeout how long to wait at most
	 * @return whether the body has left
	 */
	boolean close(Duration timeout);

}
