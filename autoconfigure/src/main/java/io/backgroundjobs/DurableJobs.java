package io.backgroundjobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The jobs that are kept in the application's database until they have run, on any
 * instance of the application: spawns them, shows them, and lets an operator deal with
 * those that failed. Thread-safe. Each method works on the database and may block; where
 * the database is not there it throws a {@link JobStoreException}.
 *
 * <p>
 * A spawned job runs <em>at least</em> once: if its process dies, another instance begins
 * anew. Make it so that a second run does no harm; {@link JobContext#idempotencyKey()}
 * helps.
 *
 * @since 1.0.0
 */
public interface DurableJobs {

	/**
	 * Keep a job until it has run. It belongs to the transaction that the calling thread
	 * has on the same {@code DataSource}: with a rollback it has never been there, with
	 * the commit it is due. Without a transaction it is there at once.
	 * @param <P> the type of the payload
	 * @param job the kind of job, as its bean or a copy of it by
	 * {@link DurableJob#with(java.util.function.UnaryOperator)}
	 * @param payload the payload
	 * @return the job; if its key is taken and its policy says so, the one that has it
	 * @throws JobRejectedException if a job that has not ended has the same name and key
	 * ({@link RejectionReason#DUPLICATE})
	 * @throws IllegalArgumentException if there is no such bean, or if the payload cannot
	 * be written as JSON or is longer than the limit
	 */
	<P extends @Nullable Object> StoredJob spawn(DurableJob<P> job, P payload);

	/**
	 * Find a job that has not ended, or has failed for good.
	 * @param name the name of the job
	 * @param instance {@link StoredJob#instance()}
	 * @return the job, or nothing if it has ended otherwise
	 */
	Optional<StoredJob> find(String name, String instance);

	/**
	 * Return jobs that have failed for good, those of all names and instances.
	 * @param name the name of the jobs, or {@code null} for all
	 * @param limit how many at most
	 * @return the jobs, the oldest first
	 */
	List<StoredJob> failed(@Nullable String name, int limit);

	/**
	 * Count the jobs of each name.
	 * @return a line for each name that has any
	 */
	List<DurableQueue> queues();

	/**
	 * Cancel a job that has not started. One that runs in this process is cancelled as
	 * {@link Job#cancel()} does it; one that runs in another process cannot be.
	 * @param name the name of the job
	 * @param instance {@link StoredJob#instance()}
	 * @return whether it is cancelled
	 */
	boolean cancel(String name, String instance);

	/**
	 * Let a job run again that has failed for good, with all its attempts.
	 * @param name the name of the job
	 * @param instance {@link StoredJob#instance()}
	 * @return whether it had failed and is due now
	 */
	boolean retry(String name, String instance);

	/**
	 * Forget a job that has failed for good.
	 * @param name the name of the job
	 * @param instance {@link StoredJob#instance()}
	 * @return whether it had failed and is forgotten
	 */
	boolean delete(String name, String instance);

	/**
	 * Return since when the database has not answered. Does not ask it.
	 * @return the instant, or {@code null} if it has answered last
	 */
	@Nullable Instant unavailableSince();

}
