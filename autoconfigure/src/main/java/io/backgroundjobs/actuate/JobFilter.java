package io.backgroundjobs.actuate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;

/**
 * Which jobs of a list are asked for; {@code null} for any.
 *
 * @param status their state if they are live, their outcome if they have ended
 * @param name their name
 * @param pool the name of their pool
 */
record JobFilter(@Nullable String status, @Nullable String name, @Nullable String pool) {

	/** Asks for jobs that have ended while their bodies are still inside. */
	static final String OVERRUNNING = "overrunning";

	private static final List<String> STATES = List.of(JobDescriptor.text(JobState.SCHEDULED),
			JobDescriptor.text(JobState.PENDING), JobDescriptor.text(JobState.RUNNING), OVERRUNNING);

	private static final List<String> OUTCOMES = Arrays.stream(JobOutcome.values()).map(JobOutcome::toString).toList();

	static JobFilter live(@Nullable String state, @Nullable String name, @Nullable String pool) {
		return new JobFilter(oneOf("state", state, STATES), name, pool);
	}

	static JobFilter ended(@Nullable String outcome, @Nullable String name, @Nullable String pool) {
		return new JobFilter(oneOf("outcome", outcome, OUTCOMES), name, pool);
	}

	boolean isForOverrunning() {
		return OVERRUNNING.equals(this.status);
	}

	boolean matchesLive(Job<?> job) {
		return matches(job) && (this.status == null || this.status.equals(JobDescriptor.text(job.state())));
	}

	boolean matchesEnded(Job<?> job) {
		return matches(job) && (this.status == null || this.status.equals(String.valueOf(job.outcome())));
	}

	boolean matches(Job<?> job) {
		return (this.name == null || this.name.equals(job.name()))
				&& (this.pool == null || this.pool.equals(job.pool()));
	}

	private static @Nullable String oneOf(String parameter, @Nullable String value, List<String> known) {
		String text = (value != null) ? value.toLowerCase(Locale.ROOT).replace('_', '-') : null;
		if (text != null && !known.contains(text)) {
			throw RequestProblem
				.badRequest("'" + parameter + "' is '" + value + "'. It is one of " + String.join(", ", known));
		}
		return text;
	}

}
