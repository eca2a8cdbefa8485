package io.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link DurableJob} does with its payload. It may be carried out more than once
 * for one spawn: when its process dies, another instance begins anew.
 *
 * @param <P> the type of the payload
 * @since 1.0.0
 */
@FunctionalInterface
public interface DurableJobBody<P extends @Nullable Object> {

	/**
	 * Do the work.
	 * @param payload what was spawned, read back from the database
	 * @param context the running job; {@link JobContext#idempotencyKey()} is the same
	 * each time
	 * @throws Exception if the attempt failed
	 */
	void run(P payload, JobContext context) throws Exception;

}
