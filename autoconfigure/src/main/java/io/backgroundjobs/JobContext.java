package io.backgroundjobs;

import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * The running job, as its own body sees it. All methods may be called from any thread;
 * {@link #shield(Callable)} only from the thread that runs the body.
 *
 * @since 1.0.0
 */
public interface JobContext {

	/**
	 * Return the job's identifier.
	 * @return the identifier
	 * @see Job#id()
	 */
	String id();

	/**
	 * Return the job's name.
	 * @return the name
	 */
	String name();

	/**
	 * Return a text that stays the same however often this work is carried out: over
	 * attempts, and for a durable job over instances and crashes too. A system that
	 * remembers it can ignore what it has been told before.
	 * @return the identifier of the job; for a tick of a {@link JobScope#CLUSTER} job the
	 * job's name and the tick's instant
	 */
	default String idempotencyKey() {
		return id();
	}

	/**
	 * Return which attempt this is.
	 * @return 1 for the first
	 */
	int attempt();

	/**
	 * Whether the body should come to an end: the job was cancelled or has timed out, its
	 * task was closed, or the scheduler is shutting down. Long bodies should ask now and
	 * then.
	 * @return whether to stop
	 */
	boolean isStopping();

	/**
	 * Say how far the job is.
	 * @param done units of work that are done; not negative
	 * @param total units of work in all; at least {@code done}
	 * @throws IllegalArgumentException if the numbers contradict each other
	 */
	void progress(long done, long total);

	/**
	 * Run work that must not be interrupted half-way, on this thread. A cancel, a timeout
	 * or a shutdown's bound that comes meanwhile takes effect when the work has ended;
	 * only the shutdown's shield timeout overrides that.
	 * @param <T> the type of the result
	 * @param work the work
	 * @return what the work returned
	 * @throws Exception what the work threw
	 * @throws IllegalStateException if this thread does not run the body
	 */
	<T extends @Nullable Object> T shield(Callable<T> work) throws Exception;

	/**
	 * Return the job that the current thread runs.
	 * @return the running job
	 * @throws IllegalStateException outside of a job
	 */
	static JobContext current() {
		JobContext context = JobContextHolder.getContext();
		if (context == null) {
			throw new IllegalStateException("No job runs on thread '" + Thread.currentThread().getName()
					+ "'. JobContext.current() is for code inside a job; use JobContext.find() where it may run outside");
		}
		return context;
	}

	/**
	 * Return the job that the current thread runs, if any.
	 * @return the running job, or nothing outside of a job
	 */
	static Optional<JobContext> find() {
		return Optional.ofNullable(JobContextHolder.getContext());
	}

}
