package io.backgroundjobs.actuate;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PoolSnapshot;

/**
 * Finds what a request names.
 *
 * @param scheduler where to look
 */
record JobLookup(BackgroundJobScheduler scheduler) {

	Job<?> job(String id) {
		return this.scheduler.find(id)
			.or(() -> this.scheduler.overrunning().stream().filter((job) -> job.id().equals(id)).findFirst())
			.orElseThrow(() -> RequestProblem
				.notFound("There is no job '" + id + "', neither live nor among those that ended last"));
	}

	PeriodicJobHandle periodicJob(String name) {
		return this.scheduler.findPeriodic(name)
			.orElseThrow(() -> RequestProblem.notFound("There is no periodic job '" + name + "'"));
	}

	PoolSnapshot pool(String name) {
		return this.scheduler.pools()
			.stream()
			.filter((pool) -> pool.name().equals(name))
			.findFirst()
			.orElseThrow(() -> RequestProblem.notFound("There is no pool '" + name + "'"));
	}

}
