package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.Job;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PoolSnapshot;

/**
 * {@link HealthIndicator} for periodic jobs that are overdue or fail, for bodies that are
 * stuck, for pools that are saturated, and for a database that does not answer the
 * durable jobs. It looks when it is asked, and only then; it does not ask the database.
 * What is wrong is in the details in any case; the status is {@link Status#DOWN} only for
 * what the {@linkplain HealthCriteria criteria} say. Thread-safe.
 *
 * @since 1.0.0
 */
public class BackgroundJobsHealthIndicator extends AbstractHealthIndicator {

	private final BackgroundJobScheduler scheduler;

	private final @Nullable DurableJobs durableJobs;

	private final HealthCriteria criteria;

	private final Function<String, HealthCriteria> criteriaOfJob;

	private final InstantSource clock;

	/**
	 * Create the indicator.
	 * @param scheduler whose jobs and pools are looked at
	 * @param durableJobs the jobs in the application's database, or {@code null} if it
	 * has none
	 * @param criteria what counts for pools and for the database
	 * @param criteriaOfJob what counts for a job, by its name; thread-safe
	 * @param clock what the scheduler calls now
	 */
	public BackgroundJobsHealthIndicator(BackgroundJobScheduler scheduler, @Nullable DurableJobs durableJobs,
			HealthCriteria criteria, Function<String, HealthCriteria> criteriaOfJob, InstantSource clock) {
		super("Background jobs health check failed");
		this.scheduler = scheduler;
		this.durableJobs = durableJobs;
		this.criteria = criteria;
		this.criteriaOfJob = criteriaOfJob;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<HealthProblems> all = List.of(overdue(), failing(), stuck(), saturated(), unavailable());
		builder.status(all.stream().anyMatch(HealthProblems::makeDown) ? Status.DOWN : Status.UP);
		all.forEach((problems) -> problems.addTo(builder));
	}

	private HealthProblems overdue() {
		HealthProblems problems = new HealthProblems(HealthCondition.OVERDUE, "jobs");
		for (PeriodicJobHandle job : this.scheduler.periodicJobs()) {
			Instant since = job.overdueSince();
			if (since != null) {
				HealthCriteria jobs = this.criteriaOfJob.apply(job.name());
				if (isOver(since, jobs.overdueAfter())) {
					problems.add(job.name(), jobs).put("since", since);
				}
			}
		}
		return problems;
	}

	private HealthProblems failing() {
		HealthProblems problems = new HealthProblems(HealthCondition.FAILING, "jobs");
		Map<String, Throwable> remembered = rememberedFailures();
		for (PeriodicJobHandle job : this.scheduler.periodicJobs()) {
			int count = job.failuresInARow();
			if (count > 0 && count >= this.criteriaOfJob.apply(job.name()).failures()) {
				Map<String, Object> problem = problems.add(job.name(), this.criteriaOfJob.apply(job.name()));
				problem.put("failures", count);
				Throwable failure = lastFailure(job, remembered);
				if (failure != null) {
					// Not its message, which may hold anything.
					problem.put("exception", failure.getClass().getName());
				}
			}
		}
		return problems;
	}

	private static @Nullable Throwable lastFailure(PeriodicJobHandle job, Map<String, Throwable> remembered) {
		Job<?> lastRun = job.lastRun();
		Throwable failure = (lastRun != null) ? lastRun.failure() : null;
		// The next run may have begun already.
		return (failure != null) ? failure : remembered.get(job.name());
	}

	/**
	 * Return the last failure of each job in the history.
	 */
	private Map<String, Throwable> rememberedFailures() {
		Map<String, Throwable> failures = new HashMap<>();
		for (Job<?> job : this.scheduler.history()) {
			Throwable failure = job.failure();
			if (failure != null) {
				failures.putIfAbsent(job.name(), failure);
			}
		}
		return failures;
	}

	private HealthProblems stuck() {
		HealthProblems problems = new HealthProblems(HealthCondition.STUCK, "jobs");
		for (Job<?> job : this.scheduler.overrunning()) {
			Instant since = job.overrunningSince();
			HealthCriteria jobs = this.criteriaOfJob.apply(job.name());
			if (isOver(since, jobs.stuckAfter())) {
				Map<String, Object> problem = problems.add(job.name(), jobs);
				problem.put("id", job.id());
				problem.put("pool", job.pool());
				problem.put("since", since);
			}
		}
		return problems;
	}

	private HealthProblems saturated() {
		HealthProblems problems = new HealthProblems(HealthCondition.SATURATED, "pools");
		for (PoolSnapshot pool : this.scheduler.pools()) {
			Instant since = this.scheduler.poolWaitingSince(pool.name());
			if (isOver(since, this.criteria.saturatedAfter())) {
				Map<String, Object> problem = problems.add(pool.name(), this.criteria);
				problem.put("since", since);
				problem.put("active", pool.active());
				problem.put("limit", pool.limit());
				problem.put("pending", pool.pending());
			}
		}
		return problems;
	}

	private HealthProblems unavailable() {
		HealthProblems problems = new HealthProblems(HealthCondition.UNAVAILABLE, "databases");
		Instant since = (this.durableJobs != null) ? this.durableJobs.unavailableSince() : null;
		if (since != null) {
			problems.add("durable jobs", this.criteria).put("since", since);
		}
		return problems;
	}

	private boolean isOver(@Nullable Instant since, Duration bound) {
		return since != null && Duration.between(since, this.clock.instant()).compareTo(bound) >= 0;
	}

}
