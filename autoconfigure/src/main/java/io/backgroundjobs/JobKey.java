package io.backgroundjobs;

import java.time.Duration;

/**
 * What makes a spawned job one of its kind: a key that is compared within the job's name,
 * and what becomes of a second job that has it.
 *
 * @since 1.0.0
 */
public sealed interface JobKey {

	/**
	 * Return the key itself.
	 * @return the key; never empty
	 */
	String value();

	/**
	 * At most one live job has the key.
	 *
	 * @param value the key
	 * @param onDuplicate what happens to a second one
	 */
	record Unique(String value, OnDuplicate onDuplicate) implements JobKey {

		public Unique {
			JobChecks.requireKey(value);
		}

	}

	/**
	 * Of a burst of jobs the last one runs, once the burst has been quiet. Those before
	 * it are {@link JobState#CANCELLED}.
	 *
	 * @param value the key
	 * @param quiet how long no further job may come; positive
	 * @param maxWait how long after the first of the burst the last one runs at the
	 * latest; not shorter than {@code quiet}
	 */
	record Debounce(String value, Duration quiet, Duration maxWait) implements JobKey {

		public Debounce {
			JobChecks.requireKey(value);
			JobChecks.requirePositive("quiet time of the key", quiet);
			if (maxWait.compareTo(quiet) < 0) {
				throw new IllegalArgumentException("The debounce of key '" + value + "' must not have a maxWait ("
						+ maxWait + ") shorter than its quiet time (" + quiet + ")");
			}
		}

	}

	/**
	 * The first job runs; others are rejected until the period has passed.
	 *
	 * @param value the key
	 * @param period how long others are rejected, from the first job's spawn; positive
	 */
	record Throttle(String value, Duration period) implements JobKey {

		public Throttle {
			JobChecks.requireKey(value);
			JobChecks.requirePositive("throttle period of the key", period);
		}

	}

}
