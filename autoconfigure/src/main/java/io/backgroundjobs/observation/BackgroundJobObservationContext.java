package io.backgroundjobs.observation;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOutcome;

/**
 * Context that holds information for observation metadata collection during an
 * {@link BackgroundJobObservationDocumentation#BACKGROUND_JOB attempt of a background
 * job}.
 *
 * @since 1.0.0
 */
public class BackgroundJobObservationContext extends Observation.Context {

	private final Job<?> job;

	private final int attempt;

	private final String boundedName;

	private @Nullable JobOutcome outcome;

	/**
	 * Create a new observation context for an attempt of a job.
	 * @param job the job
	 * @param attempt the number of the attempt; the first is 1
	 * @param boundedName what the job is called in tags
	 */
	public BackgroundJobObservationContext(Job<?> job, int attempt, String boundedName) {
		this.job = job;
		this.attempt = attempt;
		this.boundedName = boundedName;
	}

	/**
	 * Return the job. Its {@link Job#name() name} may be one of very many: a tag takes
	 * {@link #getBoundedName()} instead.
	 * @return the job
	 */
	public Job<?> getJob() {
		return this.job;
	}

	/**
	 * Return the number of the attempt.
	 * @return the number; the first is 1
	 */
	public int getAttempt() {
		return this.attempt;
	}

	/**
	 * Return the name of the job, or {@code other} if more names than
	 * {@code background-jobs.metrics.max-names} are in use.
	 * @return a name of which there are few
	 */
	public String getBoundedName() {
		return this.boundedName;
	}

	/**
	 * Return how the attempt ended.
	 * @return the outcome, or {@code null} while it runs
	 */
	public @Nullable JobOutcome getOutcome() {
		return this.outcome;
	}

	/**
	 * Set how the attempt ended.
	 * @param outcome the outcome
	 */
	public void setOutcome(@Nullable JobOutcome outcome) {
		this.outcome = outcome;
	}

}
