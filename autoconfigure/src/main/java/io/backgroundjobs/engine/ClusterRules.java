package io.backgroundjobs.engine;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobSpec;

/**
 * What a periodic job that all instances share cannot be.
 */
final class ClusterRules {

	/** As the columns are wide that keep it. */
	private static final int LONGEST_NAME = 255;

	private ClusterRules() {
	}

	/**
	 * Check a specification.
	 * @throws JobConfigurationException if the instances cannot share it
	 */
	static void check(PeriodicJobSpec spec) {
		if (spec.name().length() > LONGEST_NAME) {
			throw invalid(spec, "a name of " + spec.name().length() + " characters",
					"Give a name of at most " + LONGEST_NAME + " characters.");
		}
		if (spec.overlap() == OverlapPolicy.CONCURRENT || spec.overlap() == OverlapPolicy.CANCEL_RUNNING) {
			throw invalid(spec, "the overlap policy " + spec.overlap(),
					"Use SKIP or QUEUE_ONE: one instance runs it at a time.");
		}
		if (spec.schedule() instanceof JobSchedule.Custom) {
			throw invalid(spec, "a trigger, which may name other instants on each instance",
					"Give exactly one of every, fixedDelay and cron.");
		}
		if (spec.schedule() instanceof JobSchedule.FixedDelay && !spec.jitter().isZero()) {
			throw invalid(spec, "a jitter and a fixed delay, which counts from the end of each run",
					"Remove the jitter: no two instances run it at the same time.");
		}
		if (spec.executor() != null) {
			throw invalid(spec, "an executor of its own", "Give it a pool.");
		}
	}

	private static JobConfigurationException invalid(PeriodicJobSpec spec, String what, String action) {
		return new JobConfigurationException("The periodic job '" + spec.name() + "' has the scope CLUSTER and " + what,
				action);
	}

}
