package io.backgroundjobs.test;

import java.time.Duration;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.backgroundjobs.Job;
import io.backgroundjobs.engine.JobEngine;

/**
 * Waits, in real time, until schedulers have nothing left to do that does not itself wait
 * for time to pass. Thread-safe.
 */
final class IdleWait {

	private final Collection<JobEngine> schedulers;

	private final Duration timeout;

	/**
	 * Create the wait.
	 * @param schedulers the schedulers; read at each wait
	 * @param timeout how long to wait at most; positive
	 */
	IdleWait(Collection<JobEngine> schedulers, Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("The idle timeout is " + timeout + "; give a positive one, such as 10s");
		}
		this.schedulers = schedulers;
		this.timeout = timeout;
	}

	void await() {
		await(() -> this.schedulers.stream().allMatch(JobEngine::isIdle));
	}

	/**
	 * Wait until a condition holds.
	 * @param condition the condition; asked again and again
	 * @throws AssertionError if the timeout has passed; the message lists the live jobs
	 */
	void await(BooleanSupplier condition) {
		if (!Polling.await(condition, this.timeout)) {
			throw new AssertionError("Jobs have not ended within " + this.timeout.toMillis() + " ms:" + liveJobs());
		}
	}

	private String liveJobs() {
		Stream<Job<?>> jobs = this.schedulers.stream().flatMap((scheduler) -> scheduler.jobs().stream());
		return jobs.map(IdleWait::describe).collect(Collectors.joining());
	}

	private static String describe(Job<?> job) {
		return "%n  %s %s (%s), pool %s, attempt %d, progress %s".formatted(job.state(), job.name(), job.id(),
				job.pool(), job.attempts(), job.progress());
	}

}
