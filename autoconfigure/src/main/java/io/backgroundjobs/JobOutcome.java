package io.backgroundjobs;

import java.util.Locale;

/**
 * How a job ended. Finer than {@link JobState}: a job that {@link #TIMED_OUT} is
 * {@link JobState#FAILED}. {@link #toString()} is the value of the {@code outcome} tag.
 *
 * @since 1.0.0
 */
public enum JobOutcome {

	/**
	 * The body returned.
	 */
	SUCCEEDED,

	/**
	 * The last attempt threw.
	 */
	FAILED,

	/**
	 * The last attempt ran longer than its timeout.
	 */
	TIMED_OUT,

	/**
	 * Somebody else ended it.
	 */
	CANCELLED;

	private final String value = name().toLowerCase(Locale.ROOT).replace('_', '-');

	@Override
	public String toString() {
		return this.value;
	}

}
