package io.backgroundjobs.engine;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.RejectionReason;

/**
 * A scheduler together with what the rooms around the engine need of it: starting and
 * stopping in two steps, and jobs of other kinds than spawned ones.
 *
 * @since 1.0.0
 */
public interface JobEngine extends BackgroundJobScheduler {

	/**
	 * Accept jobs: the first half of {@link #start()}. Opens the pools' resources.
	 * @throws IllegalStateException if a resource cannot be opened
	 */
	void open();

	/**
	 * Let periodic jobs tick: the second half of {@link #start()}.
	 */
	void startTicking();

	/**
	 * Cancel all ticks: the first half of {@link #stop()}.
	 */
	void stopTicking();

	/**
	 * Whether periodic jobs tick.
	 * @return whether ticking was started and not stopped
	 */
	boolean isTicking();

	/**
	 * Hold back the pending jobs of all pools, on top of what {@link #pausePool(String)}
	 * does to one.
	 */
	void hold();

	/**
	 * Undo {@link #hold()}.
	 */
	void release();

	/**
	 * Whether nothing goes on that does not wait for time to pass: no job that is due
	 * waits or runs, and everybody has been told of those that have ended. Delayed jobs,
	 * jobs between two attempts, background loops, what is held back, and bodies that
	 * ignore their interrupt do not count. For tests: by the time it is read, the answer
	 * may have changed.
	 * @return whether the scheduler is idle
	 */
	boolean isIdle();

	/**
	 * Hand over work as a job of a given kind.
	 * @param <T> the type of the result
	 * @param kind where the job comes from
	 * @param options the name of the job, and how it runs
	 * @param body the work
	 * @return the job
	 * @throws io.backgroundjobs.JobRejectedException if it was not accepted
	 */
	<T extends @Nullable Object> Job<T> spawn(JobKind kind, JobOptions options, JobBody<T> body);

	/**
	 * Hand over work that completes later as a job of a given kind.
	 * @param <T> the type of the result
	 * @param kind where the job comes from
	 * @param options the name of the job, and how it runs
	 * @param body starts the work and returns its stage
	 * @return the job
	 * @throws io.backgroundjobs.JobRejectedException if it was not accepted
	 */
	<T extends @Nullable Object> Job<T> spawnAsync(JobKind kind, JobOptions options,
			JobBody<? extends CompletionStage<T>> body);

	/**
	 * Carry out one attempt of work that is kept outside of the process. It needs no room
	 * in the queue, and is told how it left.
	 * @param work the work
	 * @return {@code null} if it was taken, or else why not; then it is told nothing
	 * @throws io.backgroundjobs.JobConfigurationException if it names a pool that does
	 * not exist
	 */
	@Nullable RejectionReason carry(StoredWork work);

	/**
	 * Return the pool that a job runs in, overrides by properties included.
	 * @param options the options as the code gives them
	 * @return the name of a pool
	 * @throws io.backgroundjobs.JobConfigurationException if there is no such pool
	 */
	String poolOf(JobOptions options);

	/**
	 * Be told whenever a pool has been resized, paused or resumed, or released after a
	 * {@link #hold()}.
	 * @param watcher given the name of the pool, on the thread that has changed it; must
	 * be fast and throw nothing
	 */
	void whenPoolChanges(Consumer<String> watcher);

	/**
	 * Return what is bound to the calling thread and carried over to jobs, for another
	 * process.
	 * @return the context as texts
	 */
	Map<String, String> portableContext();

	/**
	 * Run work on the calling thread as a job that holds no place, so that a shutdown
	 * waits for it. A failure is the caller's: no exception handler is called.
	 * @param <T> the type of the result
	 * @param options the name of the job; whether it is shielded
	 * @param body the work
	 * @return what the body returned
	 * @throws io.backgroundjobs.JobRejectedException if the scheduler does not run
	 * @throws Exception what the body threw
	 */
	<T extends @Nullable Object> T runHere(JobOptions options, JobBody<T> body) throws Exception;

	/**
	 * Start work that completes later on the calling thread, as a job that holds no
	 * place, so that a shutdown waits for it. A failure is the caller's: no exception
	 * handler is called.
	 * @param <T> the type of the result
	 * @param options the name of the job; whether it is shielded
	 * @param body starts the work and returns its stage
	 * @return the job
	 * @throws io.backgroundjobs.JobRejectedException if the scheduler does not run
	 * @throws Exception what the body threw before it returned a stage
	 */
	<T extends @Nullable Object> Job<T> startHere(JobOptions options, JobBody<? extends CompletionStage<T>> body)
			throws Exception;

}
