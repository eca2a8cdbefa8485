package io.backgroundjobs.test;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PoolSnapshot;

/**
 * Waits, in real time, until schedulers have nothing left to do that does not itself wait
 * for time to pass. Thread-safe.
 */
final class IdleWait {

	private final Collection<BackgroundJobScheduler> schedulers;

	private final Duration timeout;

	/**
	 * Create the wait.
	 * @param schedulers the schedulers; read at each wait
	 * @param timeout how long to wait at most; positive
	 */
	IdleWait(Collection<BackgroundJobScheduler> schedulers, Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("The idle timeout is " + timeout + "; give a positive one, such as 10s");
		}
		this.schedulers = schedulers;
		this.timeout = timeout;
	}

	void await() {
		await(() -> this.schedulers.stream().allMatch(IdleWait::isIdle));
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

	private static boolean isIdle(BackgroundJobScheduler scheduler) {
		Collection<PoolSnapshot> pools = scheduler.pools();
		return scheduler.jobs().stream().noneMatch(isBusy(pools));
	}

	private static Predicate<Job<?>> isBusy(Collection<PoolSnapshot> pools) {
		List<String> paused = pools.stream().filter(PoolSnapshot::paused).map(PoolSnapshot::name).toList();
		return (job) -> {
			JobState state = job.state(); // read once, since it moves on
			return job.kind() != JobKind.BACKGROUND
					&& (state == JobState.RUNNING || (state == JobState.PENDING && !paused.contains(job.pool())));
		};
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
