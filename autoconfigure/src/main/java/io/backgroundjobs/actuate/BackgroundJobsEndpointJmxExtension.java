package io.backgroundjobs.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/**
 * {@link EndpointJmxExtension @EndpointJmxExtension} for the
 * {@link BackgroundJobsEndpoint}: an operation of its own for each thing that can be
 * asked or done. Who connects to JMX counts as authorized, as in Boot's own endpoints.
 *
 * @since 1.0.0
 */
@EndpointJmxExtension(endpoint = BackgroundJobsEndpoint.class)
public class BackgroundJobsEndpointJmxExtension {

	private final BackgroundJobsEndpoint endpoint;

	private final Show showValues;

	/**
	 * Create the extension.
	 * @param endpoint the endpoint
	 * @param showValues when messages, notes and stacks are shown
	 */
	public BackgroundJobsEndpointJmxExtension(BackgroundJobsEndpoint endpoint, Show showValues) {
		this.endpoint = endpoint;
		this.showValues = showValues;
	}

	/**
	 * List the live jobs, the oldest first.
	 * @param state {@code scheduled}, {@code pending}, {@code running} or
	 * {@code overrunning}; {@code null} for all but the last
	 * @param name the name of the jobs, or {@code null} for any
	 * @param pool the pool of the jobs, or {@code null} for any
	 * @param page the number of the page, from 0; {@code null} for the first
	 * @param size how many items the page has at most, or {@code null} for 50
	 * @return the page
	 */
	@ReadOperation
	public PageDescriptor<JobDescriptor> jobs(@Nullable String state, @Nullable String name, @Nullable String pool,
			@Nullable Integer page, @Nullable Integer size) {
		return RequestProblem.orInvalid(() -> reports().jobs(JobFilter.live(state, name, pool), Paging.of(page, size)));
	}

	/**
	 * List the jobs that ended last, the latest first.
	 * @param outcome {@code succeeded}, {@code failed}, {@code timed-out} or
	 * {@code cancelled}; {@code null} for any
	 * @param name the name of the jobs, or {@code null} for any
	 * @param pool the pool of the jobs, or {@code null} for any
	 * @param page the number of the page, from 0; {@code null} for the first
	 * @param size how many items the page has at most, or {@code null} for 50
	 * @return the page
	 */
	@ReadOperation
	public PageDescriptor<JobDescriptor> history(@Nullable String outcome, @Nullable String name, @Nullable String pool,
			@Nullable Integer page, @Nullable Integer size) {
		return RequestProblem
			.orInvalid(() -> reports().history(JobFilter.ended(outcome, name, pool), Paging.of(page, size)));
	}

	/**
	 * Describe a job.
	 * @param id its identifier
	 * @return the description
	 */
	@ReadOperation
	public JobDescriptor job(String id) {
		return RequestProblem.orInvalid(() -> reports().job(id));
	}

	/**
	 * List the periodic jobs, in the order in which they were added.
	 * @param page the number of the page, from 0; {@code null} for the first
	 * @param size how many items the page has at most, or {@code null} for 50
	 * @return the page
	 */
	@ReadOperation
	public PageDescriptor<PeriodicJobDescriptor> periodicJobs(@Nullable Integer page, @Nullable Integer size) {
		return RequestProblem.orInvalid(() -> reports().periodicJobs(Paging.of(page, size)));
	}

	/**
	 * Describe a periodic job.
	 * @param name its name
	 * @param next how many fire times are told, or {@code null} for 5
	 * @return the description
	 */
	@ReadOperation
	public PeriodicJobDescriptor periodicJob(String name, @Nullable Integer next) {
		return RequestProblem.orInvalid(() -> reports().periodicJob(name, next));
	}

	/**
	 * List the pools.
	 * @param page the number of the page, from 0; {@code null} for the first
	 * @param size how many items the page has at most, or {@code null} for 50
	 * @return the page
	 */
	@ReadOperation
	public PageDescriptor<PoolDescriptor> pools(@Nullable Integer page, @Nullable Integer size) {
		return RequestProblem.orInvalid(() -> reports().pools(Paging.of(page, size)));
	}

	/**
	 * Describe a pool.
	 * @param name its name
	 * @return the description
	 */
	@ReadOperation
	public PoolDescriptor pool(String name) {
		return RequestProblem.orInvalid(() -> reports().pool(name));
	}

	/**
	 * List the durable jobs by their names.
	 * @param page the number of the page, from 0; {@code null} for the first
	 * @param size how many items the page has at most, or {@code null} for 50
	 * @return the page
	 */
	@ReadOperation
	public PageDescriptor<DurableQueueDescriptor> durableQueues(@Nullable Integer page, @Nullable Integer size) {
		return RequestProblem.orInvalid(() -> durableReports().queues(Paging.of(page, size)));
	}

	/**
	 * List the durable jobs that have failed for good, the oldest first.
	 * @param name the name of the jobs, or {@code null} for any
	 * @param limit how many at most, or {@code null} for 50
	 * @return the jobs
	 */
	@ReadOperation
	public FailedJobsDescriptor failedDurableJobs(@Nullable String name, @Nullable Integer limit) {
		return RequestProblem.orInvalid(() -> durableReports().failed(name, limit));
	}

	/**
	 * Describe a durable job.
	 * @param name its name
	 * @param instance what tells it from others of its name
	 * @return the description
	 */
	@ReadOperation
	public StoredJobDescriptor durableJob(String name, String instance) {
		return RequestProblem.orInvalid(() -> durableReports().job(name, instance));
	}

	/**
	 * Run a periodic job now.
	 * @param name its name
	 * @return the description of the run
	 */
	@WriteOperation
	public JobDescriptor trigger(String name) {
		return RequestProblem.orInvalid(() -> reports().full(commands().trigger(name)));
	}

	/**
	 * Let no tick of a periodic job run.
	 * @param name its name
	 * @param note why, or {@code null}
	 * @return the description of the job
	 */
	@WriteOperation
	public PeriodicJobDescriptor pause(String name, @Nullable String note) {
		return RequestProblem.orInvalid(() -> {
			commands().pause(name, note);
			return reports().periodicJob(name, null);
		});
	}

	/**
	 * Let the ticks of a periodic job run again.
	 * @param name its name
	 * @param note why, or {@code null}
	 * @return the description of the job
	 */
	@WriteOperation
	public PeriodicJobDescriptor resume(String name, @Nullable String note) {
		return RequestProblem.orInvalid(() -> {
			commands().resume(name, note);
			return reports().periodicJob(name, null);
		});
	}

	/**
	 * Change the schedule of a periodic job until the application is restarted. Give
	 * exactly one of an interval, a pause and a cron expression.
	 * @param name its name
	 * @param every the interval from start to start, or {@code null}
	 * @param fixedDelay the pause between two runs, or {@code null}
	 * @param cron the cron expression, or {@code null}
	 * @param zone the time zone of the cron expression; {@code null} for that of the job
	 * @return the description of the job
	 */
	@WriteOperation
	public PeriodicJobDescriptor reschedule(String name, @Nullable String every, @Nullable String fixedDelay,
			@Nullable String cron, @Nullable String zone) {
		return RequestProblem.orInvalid(() -> {
			commands().reschedule(name, new ScheduleRequest(every, fixedDelay, cron, zone));
			return reports().periodicJob(name, null);
		});
	}

	/**
	 * Cancel a job.
	 * @param id its identifier
	 * @return the description of the job
	 */
	@DeleteOperation
	public JobDescriptor cancel(String id) {
		return RequestProblem.orInvalid(() -> reports().full(commands().cancel(id)));
	}

	/**
	 * Cancel all jobs of a pool that are not shielded.
	 * @param pool the name of the pool
	 * @return how many were cancelled
	 */
	@DeleteOperation
	public CancelledDescriptor cancelAll(String pool) {
		return RequestProblem.orInvalid(() -> commands().cancelAll(pool));
	}

	/**
	 * Change how many jobs of a pool run at most, until the application is restarted.
	 * @param pool the name of the pool
	 * @param limit the limit; at least 1
	 * @return the description of the pool
	 */
	@WriteOperation
	public PoolDescriptor resizePool(String pool, Integer limit) {
		return RequestProblem.orInvalid(() -> {
			commands().resizePool(pool, limit);
			return reports().pool(pool);
		});
	}

	/**
	 * Hold back the pending jobs of a pool.
	 * @param pool the name of the pool
	 * @param note why, or {@code null}
	 * @return the description of the pool
	 */
	@WriteOperation
	public PoolDescriptor pausePool(String pool, @Nullable String note) {
		return RequestProblem.orInvalid(() -> {
			commands().pausePool(pool, note);
			return reports().pool(pool);
		});
	}

	/**
	 * Let the pending jobs of a pool start again.
	 * @param pool the name of the pool
	 * @param note why, or {@code null}
	 * @return the description of the pool
	 */
	@WriteOperation
	public PoolDescriptor resumePool(String pool, @Nullable String note) {
		return RequestProblem.orInvalid(() -> {
			commands().resumePool(pool, note);
			return reports().pool(pool);
		});
	}

	/**
	 * Let a durable job run again that has failed for good.
	 * @param name its name
	 * @param instance what tells it from others of its name
	 * @return the description of what was done
	 */
	@WriteOperation
	public StoredJobChangeDescriptor retryDurableJob(String name, String instance) {
		return RequestProblem.orInvalid(() -> durableCommands().retry(name, instance));
	}

	/**
	 * Cancel a durable job that waits, or that runs in this process.
	 * @param name its name
	 * @param instance what tells it from others of its name
	 * @return the description of what was done
	 */
	@DeleteOperation
	public StoredJobChangeDescriptor cancelDurableJob(String name, String instance) {
		return RequestProblem.orInvalid(() -> durableCommands().cancel(name, instance));
	}

	/**
	 * Forget a durable job that has failed for good.
	 * @param name its name
	 * @param instance what tells it from others of its name
	 * @return the description of what was done
	 */
	@DeleteOperation
	public StoredJobChangeDescriptor deleteDurableJob(String name, String instance) {
		return RequestProblem.orInvalid(() -> durableCommands().delete(name, instance));
	}

	private JobReports reports() {
		return this.endpoint.reports(this.showValues.isShown(true));
	}

	private JobCommands commands() {
		return this.endpoint.commands(null);
	}

	private DurableReports durableReports() {
		return this.endpoint.durableReports(this.showValues.isShown(true));
	}

	private DurableCommands durableCommands() {
		return this.endpoint.durableCommands(null);
	}

}
