package io.backgroundjobs.actuate;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PoolSnapshot;

/**
 * Describes what a scheduler has, to one request of somebody who may see all of it or
 * only some.
 */
final class JobReports {

	/** How many fire times of a periodic job are told unless others are asked for. */
	static final int DEFAULT_NEXT = 5;

	static final int MAX_NEXT = 100;

	/** Identifiers of one process differ in a number, which has no leading zeros. */
	private static final Comparator<Job<?>> OLDEST_FIRST = Comparator.<Job<?>, Instant>comparing(Job::createdAt)
		.thenComparingInt((job) -> job.id().length())
		.thenComparing(Job::id);

	private final BackgroundJobScheduler scheduler;

	private final JobLookup lookup;

	private final ShownValues values;

	private final Set<Job<?>> overrunning;

	JobReports(BackgroundJobScheduler scheduler, ShownValues values) {
		this.scheduler = scheduler;
		this.lookup = new JobLookup(scheduler);
		this.values = values;
		this.overrunning = Set.copyOf(scheduler.overrunning());
	}

	PageDescriptor<JobDescriptor> jobs(JobFilter filter, Paging paging) {
		List<Job<?>> jobs = filter.isForOverrunning()
				? this.overrunning.stream().filter(filter::matches).sorted(OLDEST_FIRST).toList()
				: this.scheduler.jobs().stream().filter(filter::matchesLive).sorted(OLDEST_FIRST).toList();
		return paging.of(jobs, this::brief);
	}

	JobDescriptor job(String id) {
		return full(this.lookup.job(id));
	}

	JobDescriptor full(Job<?> job) {
		return JobDescriptor.full(job, this.overrunning.contains(job), this.values);
	}

	PageDescriptor<JobDescriptor> history(JobFilter filter, Paging paging) {
		return paging.of(this.scheduler.history().stream().filter(filter::matchesEnded).toList(), this::brief);
	}

	PageDescriptor<PeriodicJobDescriptor> periodicJobs(Paging paging) {
		return paging.of(List.copyOf(this.scheduler.periodicJobs()), (handle) -> describe(handle, null));
	}

	/**
	 * Describe a periodic job.
	 * @param next how many fire times are asked for
	 */
	PeriodicJobDescriptor periodicJob(String name, @Nullable Integer next) {
		int count = (next != null) ? next : DEFAULT_NEXT;
		if (count < 0 || count > MAX_NEXT) {
			throw RequestProblem
				.badRequest("'next' is " + count + ". From 0 to " + MAX_NEXT + " fire times can be asked for");
		}
		PeriodicJobHandle handle = this.lookup.periodicJob(name);
		return describe(handle, handle.nextRuns(count));
	}

	PageDescriptor<PoolDescriptor> pools(Paging paging) {
		return paging.of(List.copyOf(this.scheduler.pools()), this::describe);
	}

	PoolDescriptor pool(String name) {
		return describe(this.lookup.pool(name));
	}

	private JobDescriptor brief(Job<?> job) {
		return JobDescriptor.brief(job, this.overrunning.contains(job), this.values);
	}

	private PeriodicJobDescriptor describe(PeriodicJobHandle handle, @Nullable List<Instant> nextRuns) {
		Job<?> lastRun = handle.lastRun();
		return PeriodicJobDescriptor.of(handle, nextRuns, (lastRun != null) ? brief(lastRun) : null, this.values);
	}

	private PoolDescriptor describe(PoolSnapshot pool) {
		return PoolDescriptor.of(pool, this.scheduler.poolPauseNote(pool.name()), this.values);
	}

}
