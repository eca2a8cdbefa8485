package io.backgroundjobs;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Reads durations as people write them: {@code 30s}, {@code 5m}, {@code 1h30m} or
 * {@code PT1H}. A bare number is refused, because half of its readers take it for seconds
 * and the other half for milliseconds.
 *
 * @since 1.0.0
 */
public final class DurationText {

	private static final String FORMS = "'30s', '5m', '1h30m' or 'PT1H'";

	private DurationText() {
	}

	/**
	 * Parse a duration. Its sign is not looked at.
	 * @param what what the text is the value of, for the message: it stands between "The"
	 * and "is"
	 * @param text the text; white space around it is ignored
	 * @return the duration
	 * @throws JobConfigurationException if the text is no duration, or has no unit
	 */
	public static Duration parse(String what, String text) {
		String value = text.strip();
		if (isBareNumber(value)) {
			throw new JobConfigurationException("The " + what + " is '" + value + "', a number without a unit",
					"Write '" + value + "s' for seconds, '" + value + "ms' for milliseconds or '" + value
							+ "m' for minutes.");
		}
		// Spring's form of several units would read a text without any digit as zero.
		if (value.chars().noneMatch(Character::isDigit)) {
			throw notADuration(what, value, null);
		}
		try {
			return DurationFormatterUtils.detectAndParse(value);
		}
		catch (IllegalArgumentException ex) {
			throw notADuration(what, value, ex);
		}
	}

	private static boolean isBareNumber(String value) {
		String digits = (value.startsWith("-") || value.startsWith("+")) ? value.substring(1) : value;
		return !digits.isEmpty() && digits.chars().allMatch(Character::isDigit);
	}

	private static JobConfigurationException notADuration(String what, String value,
			@Nullable IllegalArgumentException cause) {
		return new JobConfigurationException("The " + what + " is '" + value + "', which is not a duration",
				"Write a number and its unit, as in " + FORMS + ".", cause);
	}

}
