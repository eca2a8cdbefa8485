package io.backgroundjobs;

import java.io.Serial;
import java.time.Duration;

/**
 * The failure of an attempt that ran longer than its timeout.
 *
 * @since 1.0.0
 */
public class JobTimeoutException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Duration timeout;

	/**
	 * Create the exception.
	 * @param message which job ran out of time
	 * @param timeout the time that the attempt had
	 */
	public JobTimeoutException(String message, Duration timeout) {
		super(message);
		this.timeout = timeout;
	}

	/**
	 * Return the time that the attempt had.
	 * @return the run timeout
	 */
	public Duration timeout() {
		return this.timeout;
	}

}
