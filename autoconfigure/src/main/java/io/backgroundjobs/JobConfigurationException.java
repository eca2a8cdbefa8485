package io.backgroundjobs;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a job or a pool is declared in a way that cannot work. The message names
 * what was declared where, and the value that is wrong.
 *
 * @since 1.0.0
 */
public class JobConfigurationException extends IllegalArgumentException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final @Nullable String action;

	/**
	 * Create the exception.
	 * @param message what is wrong, with the place and the value
	 * @param action what to do about it
	 */
	public JobConfigurationException(String message, @Nullable String action) {
		super(message);
		this.action = action;
	}

	/**
	 * Create the exception.
	 * @param message what is wrong, with the place and the value
	 * @param action what to do about it
	 * @param cause what was thrown underneath
	 */
	public JobConfigurationException(String message, @Nullable String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * Return what to do about it.
	 * @return the advice, or {@code null} if the message says all
	 */
	public @Nullable String action() {
		return this.action;
	}

}
