package io.backgroundjobs.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;

/**
 * The names of jobs that may become values of tags. Code can make up names without end
 * when it spawns a job or starts a loop; so only the first ones are taken as they are.
 * Those of periodic jobs and of annotated methods are bounded by the application. Shared
 * by meters and observations, so that both call a job the same. Thread-safe.
 *
 * @since 1.0.0
 */
public final class BoundedJobNames {

	/** What further names are called. */
	static final String OTHER = "other";

	private static final Logger logger = LoggerFactory.getLogger(BoundedJobNames.class);

	private final int limit;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Create an empty set of names.
	 * @param limit how many names that code gives to jobs are taken; not negative
	 */
	public BoundedJobNames(int limit) {
		this.limit = limit;
	}

	/**
	 * Return what a job is called in a tag. The first name beyond the limit is warned of.
	 * @param job the job
	 * @return its name, or {@code other}
	 */
	public String tagValue(Job<?> job) {
		if (job.kind() != JobKind.SPAWNED && job.kind() != JobKind.BACKGROUND) {
			return job.name();
		}
		return bounded(job.name());
	}

	/**
	 * Return what durable jobs are called in a tag. Other instances of the application,
	 * and other versions of it, put names into the same table.
	 * @param queue the jobs
	 * @return their name, or {@code other}
	 */
	public String tagValue(DurableQueue queue) {
		return queue.known() ? queue.name() : bounded(queue.name());
	}

	private String bounded(String name) {
		return (this.names.contains(name) || add(name)) ? name : OTHER;
	}

	private boolean add(String name) {
		synchronized (this.names) {
			if (this.names.contains(name)) {
				return true;
			}
			if (this.names.size() < this.limit) {
				this.names.add(name);
				return true;
			}
		}
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("More than {} different names of jobs: '{}' and further ones are recorded as '{}'. "
					+ "Names are for kinds of jobs: put what differs from job to job into the MDC or the key. "
					+ "The limit is the property background-jobs.metrics.max-names.", this.limit, name, OTHER);
		}
		return false;
	}

}
