package io.backgroundjobs;

import java.io.Serial;

/**
 * The database that keeps durable jobs did not do what was asked of it.
 *
 * @since 1.0.0
 */
public class JobStoreException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create the exception.
	 * @param message what could not be done
	 * @param cause what the database or its driver said
	 */
	public JobStoreException(String message, Throwable cause) {
		super(message, cause);
	}

}
