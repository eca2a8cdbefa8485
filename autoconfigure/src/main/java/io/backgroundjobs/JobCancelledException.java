package io.backgroundjobs;

import java.io.Serial;
import java.util.concurrent.CancellationException;

/**
 * Thrown to those who wait for a job that was cancelled.
 *
 * @since 1.0.0
 */
public class JobCancelledException extends CancellationException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 * @param message which job was cancelled, and why
	 */
	public JobCancelledException(String message) {
		super(message);
	}

}
