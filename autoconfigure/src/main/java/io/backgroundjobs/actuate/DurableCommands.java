package io.backgroundjobs.actuate;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobState;
import io.backgroundjobs.StoredJob;

/**
 * Steers the jobs in the application's database on somebody's behalf. What is done is
 * logged, with who did it and what was there before.
 */
final class DurableCommands {

	private final StoredJobLookup lookup;

	private final OperatorLog log;

	DurableCommands(DurableJobs jobs, OperatorLog log) {
		this.lookup = new StoredJobLookup(jobs);
		this.log = log;
	}

	StoredJobChangeDescriptor retry(String name, String instance) {
		StoredJob before = failed(name, instance);
		if (!this.lookup.ask((jobs) -> jobs.retry(name, instance))) {
			throw hasChanged(before);
		}
		this.log.add("retried the durable job '{}' with the id {}, which had failed at {}", name, before.id(),
				failedAt(before));
		return changed(before, "retried");
	}

	StoredJobChangeDescriptor delete(String name, String instance) {
		StoredJob before = failed(name, instance);
		if (!this.lookup.ask((jobs) -> jobs.delete(name, instance))) {
			throw hasChanged(before);
		}
		this.log.add("deleted the durable job '{}' with the id {}, which had failed at {}", name, before.id(),
				failedAt(before));
		return changed(before, "deleted");
	}

	StoredJobChangeDescriptor cancel(String name, String instance) {
		StoredJob before = this.lookup.job(name, instance);
		if (before.state() == JobState.FAILED) {
			throw RequestProblem
				.conflict(described(before) + " has failed for good. It can be retried and deleted, not cancelled");
		}
		if (!this.lookup.ask((jobs) -> jobs.cancel(name, instance))) {
			throw (before.state() == JobState.RUNNING) ? RequestProblem.conflict(described(before) + " runs on '"
					+ before.runningOn() + "'. It can be cancelled there only, and not if it is shielded")
					: hasChanged(before);
		}
		this.log.add("cancelled the durable job '{}' with the id {}, which was {}", name, before.id(),
				JobDescriptor.text(before.state()));
		return changed(before, "cancelled");
	}

	private StoredJob failed(String name, String instance) {
		StoredJob job = this.lookup.job(name, instance);
		if (job.state() != JobState.FAILED) {
			throw RequestProblem
				.conflict(described(job) + " has not failed for good: it is " + JobDescriptor.text(job.state()));
		}
		return job;
	}

	private static String failedAt(StoredJob job) {
		return (job.failedAt() != null) ? Moments.of(job.failedAt()).toString() : "an unknown time";
	}

	private static RequestProblem hasChanged(StoredJob before) {
		return RequestProblem.conflict(described(before) + " is no longer " + JobDescriptor.text(before.state())
				+ ": another instance or operator was quicker");
	}

	private static String described(StoredJob job) {
		return "The durable job '" + job.name() + "' with the id " + job.id();
	}

	private static StoredJobChangeDescriptor changed(StoredJob before, String change) {
		return new StoredJobChangeDescriptor(before.name(), before.instance(), before.id(), change);
	}

}
