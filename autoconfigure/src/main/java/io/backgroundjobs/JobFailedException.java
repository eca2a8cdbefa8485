package io.backgroundjobs;

import java.io.Serial;

/**
 * Thrown to those who wait for a job that failed. The cause is what the body threw.
 *
 * @since 1.0.0
 */
public class JobFailedException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 * @param message which job failed
	 * @param cause what the body threw, or a {@link JobTimeoutException}
	 */
	public JobFailedException(String message, Throwable cause) {
		super(message, cause);
	}

}
