package io.backgroundjobs.durable;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobKey;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Which options a stored job can have.
 */
final class StoredJobOptions {

	/** As the column is wide. */
	private static final int LONGEST_NAME = 255;

	/** As the column is wide, less the prefix. */
	private static final int LONGEST_KEY = 200;

	private StoredJobOptions() {
	}

	/**
	 * Check what is the same for all jobs of a kind.
	 */
	static void check(StoredJobType type) {
		if (type.name().length() > LONGEST_NAME) {
			throw new JobConfigurationException(
					type.declaredAt() + " is durable and has a name of " + type.name().length() + " characters",
					"Give a name of at most " + LONGEST_NAME + " characters.");
		}
		if (type.options().isAfterCommit()) {
			throw new JobConfigurationException(type.declaredAt() + " is durable and waits for the commit",
					"Remove 'afterCommit': a durable job is part of the transaction anyway.");
		}
		try {
			key(type.options());
		}
		catch (JobConfigurationException ex) {
			throw new JobConfigurationException(type.declaredAt() + ": " + ex.getMessage(), ex.action(), ex);
		}
	}

	/**
	 * Return the key of a job.
	 * @return the key, or {@code null} if the job has none
	 * @throws JobConfigurationException if a stored job cannot have it
	 */
	static @Nullable JobKey key(JobOptions options) {
		JobKey key = options.key();
		if (key == null) {
			return null;
		}
		if (!(key instanceof JobKey.Unique unique) || unique.onDuplicate() == OnDuplicate.REPLACE_PENDING) {
			throw new JobConfigurationException(
					"The durable job '" + options.name() + "' has a key with " + describe(key)
							+ ", which only jobs in memory can have",
					"Use OnDuplicate.REJECT or OnDuplicate.RETURN_EXISTING.");
		}
		if (key.value().length() > LONGEST_KEY) {
			throw new JobConfigurationException(
					"The durable job '" + options.name() + "' has a key of " + key.value().length() + " characters",
					"Give a key of at most " + LONGEST_KEY + " characters.");
		}
		return key;
	}

	private static String describe(JobKey key) {
		if (key instanceof JobKey.Unique unique) {
			return unique.onDuplicate().toString();
		}
		return (key instanceof JobKey.Debounce) ? "debounce" : "throttle";
	}

}
