package io.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Spawns jobs, runs periodic ones and background loops, and shows and steers all of them.
 * Thread-safe.
 *
 * @since 1.0.0
 */
public interface BackgroundJobScheduler extends JobSpawner, AutoCloseable {

	/**
	 * Run a job at a fixed rate.
	 * @param name the name of the job, unique in this scheduler
	 * @param every the interval from start to start; positive
	 * @param body the work
	 * @return the handle
	 * @throws JobConfigurationException if the name is taken or the interval cannot work
	 */
	default PeriodicJobHandle addPeriodic(String name, Duration every, Runnable body) {
		return addPeriodic(PeriodicJobSpec.named(name).every(every), body);
	}

	/**
	 * Run a job at a fixed rate.
	 * @param name the name of the job, unique in this scheduler
	 * @param every the interval from start to start; positive
	 * @param body the work
	 * @return the handle
	 * @throws JobConfigurationException if the name is taken or the interval cannot work
	 */
	default PeriodicJobHandle addPeriodic(String name, Duration every, Callable<?> body) {
		return addPeriodic(PeriodicJobSpec.named(name).every(every), body);
	}

	/**
	 * Run a job at a fixed rate.
	 * @param name the name of the job, unique in this scheduler
	 * @param every the interval from start to start; positive
	 * @param body the work
	 * @return the handle
	 * @throws JobConfigurationException if the name is taken or the interval cannot work
	 */
	default PeriodicJobHandle addPeriodic(String name, Duration every, JobBody<?> body) {
		return addPeriodic(PeriodicJobSpec.named(name).every(every), body);
	}

	/**
	 * Run a job periodically.
	 * @param spec how it is scheduled and run
	 * @param body the work
	 * @return the handle
	 * @throws JobConfigurationException if the specification cannot work
	 */
	default PeriodicJobHandle addPeriodic(PeriodicJobSpec spec, Runnable body) {
		return addPeriodic(spec, (JobBody<?>) (job) -> {
			body.run();
			return null;
		});
	}

	/**
	 * Run a job periodically.
	 * @param spec how it is scheduled and run
	 * @param body the work
	 * @return the handle
	 * @throws JobConfigurationException if the specification cannot work
	 */
	default PeriodicJobHandle addPeriodic(PeriodicJobSpec spec, Callable<?> body) {
		return addPeriodic(spec, (JobBody<?>) (job) -> body.call());
	}

	/**
	 * Run a job periodically. May be called before the start; the job ticks from then on.
	 * @param spec how it is scheduled and run
	 * @param body the work
	 * @return the handle
	 * @throws JobConfigurationException if the specification cannot work
	 */
	PeriodicJobHandle addPeriodic(PeriodicJobSpec spec, JobBody<?> body);

	/**
	 * Find a periodic job.
	 * @param name its name
	 * @return the handle, or nothing if there is no such job
	 */
	Optional<PeriodicJobHandle> findPeriodic(String name);

	/**
	 * Return the periodic jobs, in the order in which they were added.
	 * @return the handles; a copy
	 */
	Collection<PeriodicJobHandle> periodicJobs();

	/**
	 * Remove all periodic jobs.
	 * @see PeriodicJobHandle#remove()
	 */
	void removeAllPeriodic();

	/**
	 * Run a loop in the pool {@code default} until it is closed.
	 * @param name the name of the task
	 * @param loop the loop
	 * @return the task
	 * @throws JobRejectedException if it was not accepted
	 */
	default BackgroundTask background(String name, JobLoop loop) {
		return background(JobOptions.named(name), loop);
	}

	/**
	 * Run a loop until it is closed. With a retry policy the loop starts again after a
	 * failure, with the policy's back-off.
	 * @param options the name of the task, and how it runs
	 * @param loop the loop
	 * @return the task
	 * @throws JobRejectedException if it was not accepted
	 */
	BackgroundTask background(JobOptions options, JobLoop loop);

	/**
	 * Return the live jobs: scheduled, pending and running.
	 * @return the jobs; a copy
	 */
	Collection<Job<?>> jobs();

	/**
	 * Find a job among the live ones and in the history of those that ended last.
	 * @param id the job's identifier
	 * @return the job, or nothing if it is unknown or forgotten
	 */
	Optional<Job<?>> find(String id);

	/**
	 * Return the jobs that ended last, the latest first.
	 * @return the jobs; a copy, no longer than the size of the history
	 */
	Collection<Job<?>> history();

	/**
	 * Return the jobs whose attempt is over while its body is still inside, because it
	 * ignores its interrupt: jobs that have ended, and those whose next attempt has to
	 * wait for it.
	 * @return the jobs; a copy
	 * @see Job#overrunningSince()
	 */
	default Collection<Job<?>> overrunning() {
		return List.of();
	}

	/**
	 * Return what each pool looks like.
	 * @return one snapshot a pool
	 */
	Collection<PoolSnapshot> pools();

	/**
	 * Change how many jobs of a pool run at most at the same time. When the limit is
	 * lowered, nothing is interrupted, and nothing starts until there is room.
	 * @param pool the name of the pool
	 * @param limit the limit; at least 1
	 * @throws JobConfigurationException if there is no such pool or the limit is invalid
	 */
	void resizePool(String pool, int limit);

	/**
	 * Hold back the pending jobs of a pool. What runs goes on; what is spawned waits.
	 * @param pool the name of the pool
	 * @throws JobConfigurationException if there is no such pool
	 */
	void pausePool(String pool);

	/**
	 * Hold back the pending jobs of a pool, and keep a note of it. While the pool is
	 * paused already, only the note is replaced.
	 * @param pool the name of the pool
	 * @param by who pauses the pool, or {@code null} to leave that open
	 * @param text why, or {@code null} to leave that open
	 * @throws JobConfigurationException if there is no such pool
	 */
	default void pausePool(String pool, @Nullable String by, @Nullable String text) {
		pausePool(pool);
	}

	/**
	 * Let the pending jobs of a pool start again.
	 * @param pool the name of the pool
	 * @throws JobConfigurationException if there is no such pool
	 */
	void resumePool(String pool);

	/**
	 * Let the pending jobs of a pool start again, and keep a note of it.
	 * @param pool the name of the pool
	 * @param by who resumes the pool, or {@code null} to leave that open
	 * @param text why, or {@code null} to leave that open
	 * @throws JobConfigurationException if there is no such pool
	 */
	default void resumePool(String pool, @Nullable String by, @Nullable String text) {
		resumePool(pool);
	}

	/**
	 * Return what is known of the last time that a pool was paused or resumed.
	 * @param pool the name of the pool
	 * @return the note, or {@code null} if it was neither paused nor resumed
	 * @throws JobConfigurationException if there is no such pool
	 */
	default @Nullable PauseNote poolPauseNote(String pool) {
		return null;
	}

	/**
	 * Return since when a pool has had no place for a job that is due.
	 * @param pool the name of the pool
	 * @return when the job that has waited longest became due, or {@code null} if none
	 * waits or the pool is paused
	 * @throws JobConfigurationException if there is no such pool
	 */
	default @Nullable Instant poolWaitingSince(String pool) {
		return null;
	}

	/**
	 * Cancel all live jobs of a pool that are not shielded.
	 * @param pool the name of the pool
	 * @return how many jobs were cancelled
	 * @throws JobConfigurationException if there is no such pool
	 */
	int cancelAll(String pool);

	/**
	 * Return an executor that runs each task as a job of a pool, so that existing code
	 * can move there, {@code @Async} methods included.
	 * @param pool the name of the pool
	 * @return an executor; it needs no shutdown
	 * @throws JobConfigurationException if there is no such pool
	 */
	AsyncTaskExecutor asTaskExecutor(String pool);

	/**
	 * Accept jobs, and let periodic jobs tick. Does nothing while it runs. Can be called
	 * again after {@link #stop()}.
	 * @throws IllegalStateException if a {@link PoolResource} cannot be opened
	 */
	void start();

	/**
	 * Stop ticking, accept no more jobs, let those that were accepted finish within the
	 * bounds, cancel the rest, and account for each. Called from inside a job, it does
	 * not wait for that job. Called again, it returns the same report.
	 * @return what became of the jobs
	 */
	ShutdownReport stop();

	/**
	 * Whether jobs are accepted.
	 * @return whether the scheduler is started and not stopping
	 */
	boolean isRunning();

	/**
	 * Wait until the scheduler has been stopped. For programs that have nothing else to
	 * wait for, and not for jobs: a stop waits for those, up to its bounds. Returns at
	 * once if it was never started.
	 * @throws InterruptedException if the calling thread is interrupted
	 */
	void awaitShutdown() throws InterruptedException;

	/**
	 * Stop.
	 * @see #stop()
	 */
	@Override
	default void close() {
		stop();
	}

}
