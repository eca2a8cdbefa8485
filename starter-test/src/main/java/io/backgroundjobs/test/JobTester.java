package io.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.engine.JobEngine;

/**
 * Runs an application's jobs from a test and looks at what became of them. A bean of each
 * {@code @SpringBootTest} that has a scheduler, with and without virtual time.
 *
 * <p>
 * What it waits for, it waits for in real time, and it takes no failure: an exception
 * handler is called for a job that fails, as if nobody had waited. Thread-safe.
 *
 * @since 1.0.0
 */
public final class JobTester {

	private final JobEngine scheduler;

	private final @Nullable VirtualTime time;

	private final IdleWait idleWait;

	/**
	 * Create a tester in real time.
	 * @param scheduler the scheduler
	 */
	public JobTester(JobEngine scheduler) {
		this(scheduler, null, VirtualTime.DEFAULT_IDLE_TIMEOUT);
	}

	/**
	 * Create a tester.
	 * @param scheduler the scheduler
	 * @param time the scheduler's clock, or {@code null} if it runs in real time
	 * @param idleTimeout how long to wait for jobs at most, in real time; positive
	 */
	public JobTester(JobEngine scheduler, @Nullable VirtualTime time, Duration idleTimeout) {
		this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
		this.time = time;
		this.idleWait = new IdleWait(List.of(scheduler), idleTimeout);
	}

	/**
	 * Run a periodic job now, whether it is paused, disabled or neither, and wait for its
	 * end. This is no tick, and time does not move.
	 * @param name the name of the periodic job
	 * @return the run, which has succeeded
	 * @throws AssertionError if there is no such job, if its run failed (with what it
	 * threw as the cause) or was cancelled, if it waits for another attempt, or if it has
	 * not ended within the idle timeout
	 * @throws io.backgroundjobs.JobRejectedException if the run was not accepted
	 */
	public Job<?> runNow(String name) {
		Job<?> job = periodic(name).trigger();
		this.idleWait.await(() -> hasSettled(job));
		this.idleWait.await();
		return requireSucceeded(job);
	}

	/**
	 * Advance virtual time to the next tick of a periodic job, and wait for the jobs to
	 * end that are set off until then.
	 * @param name the name of the periodic job
	 * @return the run of that tick, or {@code null} if the tick started none
	 * @throws AssertionError if there is no such job, or if it has no next tick
	 * @throws IllegalStateException if time is not virtual
	 */
	public @Nullable Job<?> advanceToNextRun(String name) {
		if (this.time == null) {
			throw new IllegalStateException(
					"Time is real: add @AutoConfigureVirtualTime to the test, so that it can be advanced");
		}
		PeriodicJobHandle periodic = periodic(name);
		Instant next = periodic.nextRun();
		if (next == null) {
			throw new AssertionError("The periodic job '" + name + "' has no next tick");
		}
		Job<?> before = periodic.lastRun();
		this.time.advanceTo(next.isBefore(this.time.now()) ? this.time.now() : next);
		Job<?> last = periodic.lastRun();
		return (last != before) ? last : null;
	}

	/**
	 * Wait until no job waits for a place or runs. Background tasks, delayed jobs, jobs
	 * between two attempts, and what a paused pool holds back are not waited for.
	 * @throws AssertionError if jobs have not ended within the idle timeout; the message
	 * lists them
	 */
	public void awaitIdle() {
		this.idleWait.await();
	}

	/**
	 * Return the jobs of one name that ended last, the earliest first.
	 * @param name the name of the jobs
	 * @return the jobs, as far as the scheduler's history goes back; a copy
	 */
	public List<Job<?>> ended(String name) {
		List<Job<?>> jobs = new ArrayList<>(
				this.scheduler.history().stream().filter((job) -> job.name().equals(name)).toList());
		Collections.reverse(jobs);
		return jobs;
	}

	private PeriodicJobHandle periodic(String name) {
		return this.scheduler.findPeriodic(name)
			.orElseThrow(() -> new AssertionError("There is no periodic job '" + name + "', but only "
					+ this.scheduler.periodicJobs().stream().map(PeriodicJobHandle::name).toList()));
	}

	static boolean hasSettled(Job<?> job) {
		JobState state = job.state();
		return state != JobState.PENDING && state != JobState.RUNNING;
	}

	private static Job<?> requireSucceeded(Job<?> job) {
		return switch (job.state()) {
			case SUCCEEDED -> job;
			case FAILED ->
				throw new AssertionError("The job '" + job.name() + "' failed: " + job.failure(), job.failure());
			case CANCELLED ->
				throw new AssertionError("The job '" + job.name() + "' was cancelled: " + job.cancelReason());
			default -> throw new AssertionError("The job '" + job.name() + "' waits for its attempt "
					+ (job.attempts() + 1) + ": advance virtual time");
		};
	}

}
