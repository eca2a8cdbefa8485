package io.backgroundjobs;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Hands work over to the background. This is what a request handler injects.
 *
 * <p>
 * Each method that takes a name also takes {@link JobOptions} in its place. A job's name
 * is of the form {@code [A-Za-z0-9][A-Za-z0-9._-]*}; another one is refused with
 * {@link IllegalArgumentException}. Implementations are thread-safe.
 *
 * @since 1.0.0
 */
public interface JobSpawner {

	/**
	 * Hand over work that returns nothing. If the pool's queue is full, the pool's
	 * {@link OverflowPolicy} decides what this call does.
	 * @param name the name of the job
	 * @param body the work
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 */
	Job<@Nullable Void> spawn(String name, Runnable body);

	/**
	 * Hand over work that returns a value.
	 * @param <T> the type of the result
	 * @param name the name of the job
	 * @param body the work
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 * @see #spawn(String, Runnable)
	 */
	<T extends @Nullable Object> Job<T> spawn(String name, Callable<T> body);

	/**
	 * Hand over work that looks at its own job.
	 * @param <T> the type of the result
	 * @param name the name of the job
	 * @param body the work
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 * @see #spawn(String, Runnable)
	 */
	<T extends @Nullable Object> Job<T> spawn(String name, JobBody<T> body);

	/**
	 * Hand over work that returns nothing.
	 * @param options the name of the job, and how it runs
	 * @param body the work
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 * @see #spawn(String, Runnable)
	 */
	Job<@Nullable Void> spawn(JobOptions options, Runnable body);

	/**
	 * Hand over work that returns a value.
	 * @param <T> the type of the result
	 * @param options the name of the job, and how it runs
	 * @param body the work
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 * @see #spawn(String, Runnable)
	 */
	<T extends @Nullable Object> Job<T> spawn(JobOptions options, Callable<T> body);

	/**
	 * Hand over work that looks at its own job.
	 * @param <T> the type of the result
	 * @param options the name of the job, and how it runs
	 * @param body the work
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 * @see #spawn(String, Runnable)
	 */
	<T extends @Nullable Object> Job<T> spawn(JobOptions options, JobBody<T> body);

	/**
	 * Hand over work that completes later. The job holds its place, but no thread, until
	 * the stage completes, and has the stage's value as its own.
	 * @param <T> the type of the result
	 * @param name the name of the job
	 * @param body starts the work and returns its stage
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 */
	default <T extends @Nullable Object> Job<T> spawnAsync(String name, JobBody<? extends CompletionStage<T>> body) {
		return spawnAsync(JobOptions.named(name), body);
	}

	/**
	 * Hand over work that completes later.
	 * @param <T> the type of the result
	 * @param options the name of the job, and how it runs
	 * @param body starts the work and returns its stage
	 * @return the job
	 * @throws JobRejectedException if it was not accepted
	 * @see #spawnAsync(String, JobBody)
	 */
	<T extends @Nullable Object> Job<T> spawnAsync(JobOptions options, JobBody<? extends CompletionStage<T>> body);

	/**
	 * Hand over work if it is accepted at once. Never blocks, never runs the body in the
	 * caller's thread, and never throws {@link JobRejectedException}.
	 * @param <T> the type of the result
	 * @param options the name of the job, and how it runs
	 * @param body the work
	 * @return the job, or nothing if it was not accepted
	 */
	<T extends @Nullable Object> Optional<Job<T>> trySpawn(JobOptions options, JobBody<T> body);

	/**
	 * Hand over work if it is accepted at once.
	 * @param <T> the type of the result
	 * @param name the name of the job
	 * @param body the work
	 * @return the job, or nothing if it was not accepted
	 * @see #trySpawn(JobOptions, JobBody)
	 */
	default <T extends @Nullable Object> Optional<Job<T>> trySpawn(String name, JobBody<T> body) {
		return trySpawn(JobOptions.named(name), body);
	}

	/**
	 * Hand over work and wait for it. Inside a job, that job's place is lent meanwhile.
	 * @param <T> the type of the result
	 * @param options the name of the job, and how it runs
	 * @param body the work
	 * @return what the body returned
	 * @throws InterruptedException if the calling thread is interrupted while it waits;
	 * the job goes on
	 * @throws JobRejectedException if it was not accepted
	 * @throws JobFailedException if the job failed; its cause is what the body threw
	 * @throws JobCancelledException if the job was cancelled
	 * @throws IllegalStateException if the calling thread must not block
	 */
	<T extends @Nullable Object> T run(JobOptions options, JobBody<T> body) throws InterruptedException;

	/**
	 * Hand over work and wait for it.
	 * @param <T> the type of the result
	 * @param name the name of the job
	 * @param body the work
	 * @return what the body returned
	 * @throws InterruptedException if the calling thread is interrupted while it waits;
	 * the job goes on
	 * @throws JobRejectedException if it was not accepted
	 * @throws JobFailedException if the job failed; its cause is what the body threw
	 * @throws JobCancelledException if the job was cancelled
	 * @see #run(JobOptions, JobBody)
	 */
	default <T extends @Nullable Object> T run(String name, JobBody<T> body) throws InterruptedException {
		return run(JobOptions.named(name), body);
	}

	/**
	 * Run work as a shielded job and wait for it: the caller may be interrupted, the work
	 * is not, and a shutdown waits for it.
	 * @param <T> the type of the result
	 * @param name the name of the job
	 * @param body the work
	 * @return what the body returned
	 * @throws InterruptedException if the calling thread is interrupted while it waits;
	 * the work goes on
	 * @throws JobRejectedException if it was not accepted
	 * @throws JobFailedException if the work failed; its cause is what it threw
	 * @throws JobCancelledException if the shutdown's last bound ended it
	 * @throws IllegalStateException if the calling thread must not block
	 */
	default <T extends @Nullable Object> T shield(String name, Callable<T> body) throws InterruptedException {
		return run(JobOptions.named(name).shielded(), (job) -> body.call());
	}

}
