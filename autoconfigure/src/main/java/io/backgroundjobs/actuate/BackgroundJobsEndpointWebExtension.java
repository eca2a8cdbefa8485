package io.backgroundjobs.actuate;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the
 * {@link BackgroundJobsEndpoint}. Paths that differ only in the value of a segment are
 * one operation to Actuator, which is why each operation serves several sections.
 *
 * @since 1.0.0
 */
@EndpointWebExtension(endpoint = BackgroundJobsEndpoint.class)
public class BackgroundJobsEndpointWebExtension {

	private static final String JOBS = "jobs";

	private static final String PERIODIC = "periodic";

	private static final String POOLS = "pools";

	private static final String HISTORY = "history";

	private static final String DURABLE = "durable";

	private static final String FAILED = "failed";

	private final BackgroundJobsEndpoint endpoint;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create the extension.
	 * @param endpoint the endpoint
	 * @param showValues when messages, notes and stacks are shown
	 * @param roles the roles of those who are authorized to see them; empty for all who
	 * are known
	 */
	public BackgroundJobsEndpointWebExtension(BackgroundJobsEndpoint endpoint, Show showValues, Set<String> roles) {
		this.endpoint = endpoint;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * List the jobs, the periodic jobs, the pools, the history or the durable jobs.
	 * @param securityContext who asks
	 * @param section which of the five
	 * @param state the state of the jobs
	 * @param outcome the outcome of the jobs in the history
	 * @param name the name of the jobs
	 * @param pool the pool of the jobs
	 * @param page the number of the page, from 0
	 * @param size how many items the page has at most
	 * @return the page
	 */
	@ReadOperation
	public WebEndpointResponse<Object> list(SecurityContext securityContext, @Selector String section,
			@Nullable String state, @Nullable String outcome, @Nullable String name, @Nullable String pool,
			@Nullable String page, @Nullable String size) {
		return RequestProblem.orResponse(() -> {
			Paging paging = Paging.of(number("page", page), number("size", size));
			JobReports reports = reports(securityContext);
			return switch (section) {
				case JOBS -> reports.jobs(JobFilter.live(state, name, pool), paging);
				case HISTORY -> reports.history(JobFilter.ended(outcome, name, pool), paging);
				case PERIODIC -> reports.periodicJobs(paging);
				case POOLS -> reports.pools(paging);
				case DURABLE -> durableReports(securityContext).queues(paging);
				default -> throw RequestProblem
					.notFound("There is no section '" + section + "'. There are " + (this.endpoint.hasDurableJobs()
							? "jobs, periodic, pools, history and durable" : "jobs, periodic, pools and history"));
			};
		});
	}

	/**
	 * Describe a job, a periodic job or a pool, or list the durable jobs that have failed
	 * for good.
	 * @param securityContext who asks
	 * @param section {@code jobs}, {@code periodic}, {@code pools} or {@code durable}
	 * @param target the identifier of the job, or the name of the periodic job or the
	 * pool; {@code failed} for durable jobs
	 * @param next how many fire times of a periodic job are told
	 * @param name the name of the durable jobs
	 * @param limit how many durable jobs are listed at most
	 * @return the description
	 */
	@ReadOperation
	public WebEndpointResponse<Object> describe(SecurityContext securityContext, @Selector String section,
			@Selector String target, @Nullable String next, @Nullable String name, @Nullable String limit) {
		return RequestProblem.orResponse(() -> {
			JobReports reports = reports(securityContext);
			if (section.equals(DURABLE) && target.equals(FAILED)) {
				return durableReports(securityContext).failed(name, number("limit", limit));
			}
			return switch (section) {
				case JOBS, HISTORY -> reports.job(target);
				case PERIODIC -> reports.periodicJob(target, number("next", next));
				case POOLS -> reports.pool(target);
				default -> throw noSuchPlace(section, target);
			};
		});
	}

	/**
	 * Describe a durable job.
	 * @param securityContext who asks
	 * @param section {@code durable}
	 * @param target the name of the job
	 * @param item its instance
	 * @return the description
	 */
	@ReadOperation
	public WebEndpointResponse<Object> describeItem(SecurityContext securityContext, @Selector String section,
			@Selector String target, @Selector String item) {
		return RequestProblem.orResponse(() -> {
			if (!section.equals(DURABLE)) {
				throw noSuchPlace(section, target + "/" + item);
			}
			return durableReports(securityContext).job(target, item);
		});
	}

	/**
	 * Steer a periodic job or a pool.
	 * @param securityContext who asks
	 * @param section {@code periodic} or {@code pools}
	 * @param target the name of the periodic job or the pool
	 * @param action {@code trigger}, {@code pause}, {@code resume} or {@code reschedule}
	 * for a periodic job; {@code resize}, {@code pause} or {@code resume} for a pool
	 * @param note why it is paused or resumed
	 * @param every the interval of the new schedule
	 * @param fixedDelay the pause of the new schedule
	 * @param cron the cron expression of the new schedule
	 * @param zone the time zone of the cron expression
	 * @param limit the new limit of the pool
	 * @return the description of what has changed, or of the run that was triggered
	 */
	@WriteOperation
	public WebEndpointResponse<Object> steer(SecurityContext securityContext, @Selector String section,
			@Selector String target, @Nullable String action, @Nullable String note, @Nullable String every,
			@Nullable String fixedDelay, @Nullable String cron, @Nullable String zone, @Nullable String limit) {
		return RequestProblem.orResponse(() -> {
			JobCommands commands = this.endpoint.commands(securityContext.getPrincipal());
			switch (section) {
				case PERIODIC -> {
					if ("trigger".equals(action)) {
						return reports(securityContext).full(commands.trigger(target));
					}
					ScheduleRequest schedule = new ScheduleRequest(every, fixedDelay, cron, zone);
					steerPeriodicJob(commands, target, action, note, schedule);
					return reports(securityContext).periodicJob(target, null);
				}
				case POOLS -> {
					steerPool(commands, target, action, note, number("limit", limit));
					return reports(securityContext).pool(target);
				}
				default -> throw noSuchPlace(section, target);
			}
		});
	}

	/**
	 * Cancel a job.
	 * @param securityContext who asks
	 * @param section {@code jobs}
	 * @param target the identifier of the job
	 * @return the description of the job
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> cancel(SecurityContext securityContext, @Selector String section,
			@Selector String target) {
		return RequestProblem.orResponse(() -> {
			if (!section.equals(JOBS)) {
				throw noSuchPlace(section, target);
			}
			return reports(securityContext).full(this.endpoint.commands(securityContext.getPrincipal()).cancel(target));
		});
	}

	/**
	 * Steer a durable job.
	 * @param securityContext who asks
	 * @param section {@code durable}
	 * @param target the name of the job
	 * @param item its instance
	 * @param action {@code retry} for one that has failed for good, {@code cancel} for
	 * another
	 * @return the description of what was done
	 */
	@WriteOperation
	public WebEndpointResponse<Object> steerItem(SecurityContext securityContext, @Selector String section,
			@Selector String target, @Selector String item, @Nullable String action) {
		return RequestProblem.orResponse(() -> {
			if (!section.equals(DURABLE)) {
				throw noSuchPlace(section, target + "/" + item);
			}
			DurableCommands commands = this.endpoint.durableCommands(securityContext.getPrincipal());
			return switch (String.valueOf(action)) {
				case "retry" -> commands.retry(target, item);
				case "cancel" -> commands.cancel(target, item);
				default -> throw noSuchAction(action, "retry and cancel");
			};
		});
	}

	/**
	 * Cancel all jobs of a pool, or delete a durable job that has failed for good.
	 * @param securityContext who asks
	 * @param section {@code pools} or {@code durable}
	 * @param target the name of the pool or of the durable job
	 * @param item {@code jobs} for a pool, the instance of a durable job
	 * @return how many were cancelled, or the description of what was done
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> deleteItem(SecurityContext securityContext, @Selector String section,
			@Selector String target, @Selector String item) {
		return RequestProblem.orResponse(() -> {
			if (section.equals(DURABLE)) {
				return this.endpoint.durableCommands(securityContext.getPrincipal()).delete(target, item);
			}
			if (!section.equals(POOLS) || !item.equals(JOBS)) {
				throw noSuchPlace(section, target + "/" + item);
			}
			return this.endpoint.commands(securityContext.getPrincipal()).cancelAll(target);
		});
	}

	private static void steerPeriodicJob(JobCommands commands, String name, @Nullable String action,
			@Nullable String note, ScheduleRequest schedule) {
		switch (String.valueOf(action)) {
			case "pause" -> commands.pause(name, note);
			case "resume" -> commands.resume(name, note);
			case "reschedule" -> commands.reschedule(name, schedule);
			default -> throw noSuchAction(action, "trigger, pause, resume and reschedule");
		}
	}

	private static void steerPool(JobCommands commands, String pool, @Nullable String action, @Nullable String note,
			@Nullable Integer limit) {
		switch (String.valueOf(action)) {
			case "pause" -> commands.pausePool(pool, note);
			case "resume" -> commands.resumePool(pool, note);
			case "resize" -> {
				if (limit == null) {
					throw RequestProblem.badRequest("'limit' is missing. Give the new limit of the pool");
				}
				commands.resizePool(pool, limit);
			}
			default -> throw noSuchAction(action, "resize, pause and resume");
		}
	}

	private JobReports reports(SecurityContext securityContext) {
		return this.endpoint.reports(this.showValues.isShown(securityContext, this.roles));
	}

	private DurableReports durableReports(SecurityContext securityContext) {
		return this.endpoint.durableReports(this.showValues.isShown(securityContext, this.roles));
	}

	private static @Nullable Integer number(String parameter, @Nullable String text) {
		try {
			return (text != null) ? Integer.valueOf(text.strip()) : null;
		}
		catch (NumberFormatException ex) {
			throw RequestProblem.badRequest("'" + parameter + "' is '" + text + "', which is not a whole number");
		}
	}

	private static RequestProblem noSuchAction(@Nullable String action, String known) {
		return RequestProblem.badRequest(
				((action != null) ? "'action' is '" + action + "'" : "'action' is missing") + ". There are " + known);
	}

	private static RequestProblem noSuchPlace(String section, String rest) {
		return RequestProblem.notFound("There is nothing at '" + section + "/" + rest + "'");
	}

}
