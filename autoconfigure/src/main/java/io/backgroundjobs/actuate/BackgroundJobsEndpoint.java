package io.backgroundjobs.actuate;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.context.annotation.ImportRuntimeHints;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;

/**
 * {@link Endpoint @Endpoint} that shows jobs, periodic jobs and pools, and steers them
 * where its access is raised to {@link Access#UNRESTRICTED}. What it offers beside the
 * overview takes one form over the web and another over JMX, so that it is in
 * {@link BackgroundJobsEndpointWebExtension} and
 * {@link BackgroundJobsEndpointJmxExtension}.
 *
 * @since 1.0.0
 */
@Endpoint(id = "backgroundjobs", defaultAccess = Access.READ_ONLY)
@ImportRuntimeHints(BackgroundJobsEndpointRuntimeHints.class)
public class BackgroundJobsEndpoint {

	private static final String ANONYMOUS = "anonymous";

	private final BackgroundJobScheduler scheduler;

	private final @Nullable DurableJobs durableJobs;

	private final Sanitizer sanitizer;

	/**
	 * Create the endpoint.
	 * @param scheduler what is shown and steered
	 * @param durableJobs the jobs in the application's database, or {@code null} if it
	 * has none
	 * @param sanitizingFunctions what else hides a message or a note that may be shown
	 */
	public BackgroundJobsEndpoint(BackgroundJobScheduler scheduler, @Nullable DurableJobs durableJobs,
			Iterable<SanitizingFunction> sanitizingFunctions) {
		this.scheduler = scheduler;
		this.durableJobs = durableJobs;
		this.sanitizer = new Sanitizer(sanitizingFunctions);
	}

	/**
	 * Count what there is.
	 * @return the counts
	 */
	@ReadOperation
	public OverviewDescriptor overview() {
		return OverviewDescriptor.of(this.scheduler);
	}

	/**
	 * Return what describes jobs to somebody.
	 * @param shown whether messages, notes and stacks may be seen
	 */
	JobReports reports(boolean shown) {
		return new JobReports(this.scheduler, new ShownValues(this.sanitizer, shown));
	}

	/**
	 * Return what steers jobs on somebody's behalf.
	 * @param principal who it is, or {@code null} if that is not known
	 */
	JobCommands commands(@Nullable Principal principal) {
		return new JobCommands(this.scheduler, log(principal));
	}

	/**
	 * Whether there are jobs in a database.
	 */
	boolean hasDurableJobs() {
		return this.durableJobs != null;
	}

	/**
	 * Return what describes the jobs in the database to somebody.
	 * @param shown whether messages may be seen
	 */
	DurableReports durableReports(boolean shown) {
		return new DurableReports(durableJobs(), new ShownValues(this.sanitizer, shown));
	}

	/**
	 * Return what steers the jobs in the database on somebody's behalf.
	 * @param principal who it is, or {@code null} if that is not known
	 */
	DurableCommands durableCommands(@Nullable Principal principal) {
		return new DurableCommands(durableJobs(), log(principal));
	}

	private DurableJobs durableJobs() {
		if (this.durableJobs == null) {
			throw RequestProblem.notFound("There are no durable jobs in this application");
		}
		return this.durableJobs;
	}

	private static OperatorLog log(@Nullable Principal principal) {
		return new OperatorLog((principal != null) ? principal.getName() : ANONYMOUS);
	}

}
