package io.backgroundjobs;

import java.time.Duration;

/**
 * Checks of what declarations have in common. The forms of names are written as loops,
 * because a name is checked at each spawn.
 */
final class JobChecks {

	private JobChecks() {
	}

	static void requireJobName(String name) {
		boolean valid = !name.isEmpty() && isLetterOrDigit(name.charAt(0));
		for (int i = 1; valid && i < name.length(); i++) {
			char c = name.charAt(i);
			valid = isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
		}
		if (!valid) {
			throw new JobConfigurationException("The job name '" + name + "' is not valid",
					"Use letters, digits, '.', '_' and '-', and begin with a letter or a digit.");
		}
	}

	static void requirePoolName(String name) {
		boolean valid = !name.isEmpty() && isLowerCase(name.charAt(0));
		for (int i = 1; valid && i < name.length(); i++) {
			char c = name.charAt(i);
			valid = isLowerCase(c) || isDigit(c) || c == '-';
		}
		if (!valid) {
			throw new JobConfigurationException("The pool name '" + name + "' is not valid",
					"Use lower-case letters, digits and '-', and begin with a letter.");
		}
	}

	static void requireKey(String key) {
		if (key.isEmpty()) {
			throw new JobConfigurationException("The key of a job is empty", "Give a key, or none at all.");
		}
	}

	static void requirePositive(String what, Duration duration) {
		if (duration.isNegative() || duration.isZero()) {
			throw new JobConfigurationException("The " + what + " is " + duration,
					"Give a positive duration, such as 30s, 5m or PT1H.");
		}
	}

	static void requireNotNegative(String what, Duration duration) {
		if (duration.isNegative()) {
			throw new JobConfigurationException("The " + what + " is " + duration,
					"Give zero or a positive duration, such as 30s, 5m or PT1H.");
		}
	}

	private static boolean isLetterOrDigit(char c) {
		return isLowerCase(c) || (c >= 'A' && c <= 'Z') || isDigit(c);
	}

	private static boolean isLowerCase(char c) {
		return c >= 'a' && c <= 'z';
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

}
