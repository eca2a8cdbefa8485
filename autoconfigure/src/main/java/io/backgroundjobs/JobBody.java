package io.backgroundjobs;

import org.jspecify.annotations.Nullable;

/**
 * The work of a job.
 *
 * @param <T> the type of the result
 * @since 1.0.0
 */
@FunctionalInterface
public interface JobBody<T extends @Nullable Object> {

	/**
	 * Do the work. Called once for each attempt, on a thread of the job's pool, which is
	 * interrupted when the job is cancelled or times out.
	 * @param context the running job
	 * @return the result; a {@link java.util.concurrent.CompletionStage}, a
	 * {@link java.util.concurrent.Future} or a reactive type counts as running until it
	 * has completed
	 * @throws Exception any failure of the work
	 */
	T run(JobContext context) throws Exception;

}
