package io.backgroundjobs.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.StoredJob;

/**
 * Describes the jobs in the application's database, to one request of somebody who may
 * see all of it or only some.
 */
final class DurableReports {

	private final StoredJobLookup lookup;

	private final ShownValues values;

	DurableReports(DurableJobs jobs, ShownValues values) {
		this.lookup = new StoredJobLookup(jobs);
		this.values = values;
	}

	PageDescriptor<DurableQueueDescriptor> queues(Paging paging) {
		return paging.of(this.lookup.ask(DurableJobs::queues), DurableQueueDescriptor::of);
	}

	/**
	 * Describe jobs that have failed for good.
	 * @param name their name, or {@code null} for any
	 * @param limit how many at most, or {@code null} for as many as a page has
	 */
	FailedJobsDescriptor failed(@Nullable String name, @Nullable Integer limit) {
		int count = (limit != null) ? limit : Paging.DEFAULT_SIZE;
		if (count < 1 || count > Paging.MAX_SIZE) {
			throw RequestProblem
				.badRequest("'limit' is " + count + ". From 1 to " + Paging.MAX_SIZE + " failed jobs can be asked for");
		}
		// One more tells whether there are more.
		List<StoredJob> failed = this.lookup.ask((jobs) -> jobs.failed(name, count + 1));
		return new FailedJobsDescriptor(failed.stream().limit(count).map(this::describe).toList(), count,
				failed.size() > count);
	}

	StoredJobDescriptor job(String name, String instance) {
		return describe(this.lookup.job(name, instance));
	}

	private StoredJobDescriptor describe(StoredJob job) {
		return StoredJobDescriptor.of(job, this.values);
	}

}
