package io.backgroundjobs.autoconfigure;

import java.io.Serial;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

import io.backgroundjobs.DurationText;
import io.backgroundjobs.JobConfigurationException;

/**
 * Thrown when a property under {@code background-jobs} has a value that cannot work.
 */
class InvalidPropertyException extends JobConfigurationException {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final String PREFIX = "background-jobs.";

	private final String property;

	/**
	 * Create the exception.
	 * @param property the name of the property, without the prefix
	 * @param value its value
	 * @param action what to do about it
	 */
	InvalidPropertyException(String property, Object value, String action) {
		super("The property " + PREFIX + property + " has the value '" + print(value) + "', which cannot work", action);
		this.property = PREFIX + property;
	}

	/**
	 * Create the exception.
	 * @param property the full name of the property
	 * @param message what is wrong
	 * @param action what to do about it
	 * @param cause what was thrown underneath
	 */
	InvalidPropertyException(String property, String message, @Nullable String action, @Nullable Throwable cause) {
		super(message, action, cause);
		this.property = property;
	}

	/**
	 * Read a duration.
	 * @param property the full name of the property
	 * @param text its value
	 * @return the duration
	 * @throws InvalidPropertyException if the value is none
	 */
	static Duration duration(String property, String text) {
		try {
			return DurationText.parse("property " + property, text);
		}
		catch (JobConfigurationException ex) {
			throw new InvalidPropertyException(property, String.valueOf(ex.getMessage()), ex.action(), ex);
		}
	}

	/**
	 * Return the name of the property.
	 * @return the full name
	 */
	String property() {
		return this.property;
	}

	/**
	 * Print a value as people write it.
	 * @param value the value
	 * @return a duration as in {@code 1m30s}, anything else as it is
	 */
	static String print(Object value) {
		return (value instanceof Duration duration)
				? DurationFormatterUtils.print(duration, DurationFormat.Style.COMPOSITE) : value.toString();
	}

}
