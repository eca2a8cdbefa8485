package io.backgroundjobs.web;

import java.time.Duration;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.RejectionReason;

/**
 * Describes a job that was not accepted to the client whose request spawned it. Names of
 * jobs and pools stay inside. Immutable.
 *
 * @since 1.0.0
 */
public final class JobRejectionProblem {

	private static final String REASON = "reason";

	private final String retryAfter;

	/**
	 * Create the description.
	 * @param retryAfter after which time a client may try again; not negative, rounded up
	 * to seconds
	 */
	public JobRejectionProblem(Duration retryAfter) {
		this.retryAfter = Long.toString(retryAfter.plusNanos(999_999_999).toSeconds());
	}

	/**
	 * Describe a rejection.
	 * @param rejection the rejection
	 * @return the problem; its property {@code reason} is that of the rejection
	 */
	ProblemDetail describe(JobRejectedException rejection) {
		ProblemDetail problem = ProblemDetail.forStatus(status(rejection.reason()));
		problem.setDetail(detail(rejection.reason()));
		problem.setProperty(REASON, rejection.reason().toString());
		return problem;
	}

	/**
	 * Return the headers of the response.
	 * @param problem the problem
	 * @return when to try again, if that makes sense
	 */
	HttpHeaders headers(ProblemDetail problem) {
		HttpHeaders headers = new HttpHeaders();
		if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
			headers.set(HttpHeaders.RETRY_AFTER, this.retryAfter);
		}
		return headers;
	}

	private static HttpStatus status(RejectionReason reason) {
		return switch (reason) {
			case DUPLICATE, OVERLAP, HELD_ELSEWHERE -> HttpStatus.CONFLICT;
			case FULL, OVERFLOW_TIMEOUT, WOULD_BLOCK, INTERRUPTED, SHUTTING_DOWN, NOT_STARTED ->
				HttpStatus.SERVICE_UNAVAILABLE;
		};
	}

	private static String detail(RejectionReason reason) {
		return switch (reason) {
			case FULL, OVERFLOW_TIMEOUT, WOULD_BLOCK, INTERRUPTED ->
				"The server has too much work at the moment. Try again later.";
			case SHUTTING_DOWN -> "The server is shutting down. Try again later.";
			case NOT_STARTED -> "The server is starting. Try again later.";
			case DUPLICATE -> "The same work was handed over before.";
			case OVERLAP, HELD_ELSEWHERE -> "The same work is running already.";
		};
	}

}
