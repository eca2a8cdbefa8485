package io.backgroundjobs.engine;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.StoredJob;

/**
 * Keeps jobs outside of the process until they have run. Thread-safe.
 *
 * @since 1.0.0
 */
public interface JobStore {

	/**
	 * Make a kind of job known. Before the store is started.
	 * @param type the kind of job
	 * @throws io.backgroundjobs.JobConfigurationException if it cannot be kept, or if
	 * there is another one of its name
	 */
	void register(StoredJobType type);

	/**
	 * Keep a job.
	 * @param options its name, which has been registered, and what this one has of its
	 * own
	 * @param arguments one for each of the registered types
	 * @return the job, or the one that has its key if its policy says so
	 * @throws io.backgroundjobs.JobRejectedException if a job has the same name and key
	 * @throws IllegalArgumentException if an argument cannot be kept, or is too long
	 * @throws io.backgroundjobs.JobStoreException if the store does not answer
	 */
	StoredJob spawn(JobOptions options, List<@Nullable Object> arguments);

}
