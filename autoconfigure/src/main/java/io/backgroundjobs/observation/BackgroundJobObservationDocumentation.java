package io.backgroundjobs.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Documented {@link KeyValue KeyValues} for the observations of background jobs.
 *
 * @since 1.0.0
 */
public enum BackgroundJobObservationDocumentation implements ObservationDocumentation {

	/**
	 * Observation of one attempt of a background job, from its start until its body has
	 * returned or what it returned has completed, or until it timed out or was cancelled.
	 * Background loops are not observed.
	 */
	BACKGROUND_JOB {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultBackgroundJobObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

	};

	/**
	 * Key names of which each has few values.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/**
		 * Name of the job, or {@code other} beyond the limit of names.
		 */
		JOB_NAME {

			@Override
			public String asString() {
				return "job.name";
			}

		},

		/**
		 * Where the job came from, as in {@link io.backgroundjobs.JobKind}.
		 */
		JOB_KIND {

			@Override
			public String asString() {
				return "job.kind";
			}

		},

		/**
		 * Pool that the job runs in.
		 */
		JOB_POOL {

			@Override
			public String asString() {
				return "job.pool";
			}

		},

		/**
		 * Simple name of the exception that the attempt ended with, or
		 * {@value KeyValue#NONE_VALUE} if it did not fail.
		 */
		EXCEPTION {

			@Override
			public String asString() {
				return "exception";
			}

		},

		/**
		 * How the attempt ended, as in {@link io.backgroundjobs.JobOutcome}, or
		 * {@code unknown} while it runs.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

	/**
	 * Key names whose values are different for each job.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/**
		 * Identifier of the job, the same for all its attempts.
		 */
		JOB_ID {

			@Override
			public String asString() {
				return "job.id";
			}

		},

		/**
		 * Number of the attempt, from 1.
		 */
		JOB_ATTEMPT {

			@Override
			public String asString() {
				return "job.attempt";
			}

		}

	}

}
