package io.backgroundjobs.engine;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobSpec;

/**
 * What the application's properties change about a job, by its name. Thread-safe.
 *
 * @since 1.0.0
 */
public interface JobOverrides {

	/**
	 * Changes nothing.
	 */
	JobOverrides NONE = new JobOverrides() {

		@Override
		public JobOptions apply(JobOptions options) {
			return options;
		}

		@Override
		public PeriodicJobSpec apply(PeriodicJobSpec spec) {
			return spec;
		}

	};

	/**
	 * Apply what is known about a job that is spawned. Called at each spawn.
	 * @param options the options as the code gave them
	 * @return the options that count
	 */
	JobOptions apply(JobOptions options);

	/**
	 * Apply what is known about a periodic job.
	 * @param spec the specification as the code gave it
	 * @return the specification that counts
	 * @throws io.backgroundjobs.JobConfigurationException if an override cannot work
	 */
	PeriodicJobSpec apply(PeriodicJobSpec spec);

}
