package io.backgroundjobs.actuate;

import java.io.Serial;
import java.util.function.Supplier;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobRejectedException;

/**
 * A request that is not carried out. Its message is for the client.
 */
final class RequestProblem extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private static final MimeType PROBLEM_JSON = new MimeType("application", "problem+json");

	private final int status;

	private final String title;

	private final String detail;

	private RequestProblem(int status, String title, String detail) {
		super(detail, null, false, false);
		this.status = status;
		this.title = title;
		this.detail = detail;
	}

	static RequestProblem badRequest(String detail) {
		return new RequestProblem(400, "Bad Request", detail);
	}

	static RequestProblem badRequest(JobConfigurationException cause) {
		String action = (cause.action() != null) ? ". " + cause.action() : "";
		return badRequest(cause.getMessage() + action);
	}

	static RequestProblem notFound(String detail) {
		return new RequestProblem(404, "Not Found", detail);
	}

	static RequestProblem conflict(String detail) {
		return new RequestProblem(409, "Conflict", detail);
	}

	static RequestProblem unavailable(String detail) {
		return new RequestProblem(503, "Service Unavailable", detail);
	}

	static RequestProblem rejected(JobRejectedException cause) {
		String detail = String.valueOf(cause.getMessage());
		return switch (cause.reason()) {
			case DUPLICATE, OVERLAP, HELD_ELSEWHERE -> conflict(detail);
			case FULL, OVERFLOW_TIMEOUT, WOULD_BLOCK, INTERRUPTED, SHUTTING_DOWN, NOT_STARTED -> unavailable(detail);
		};
	}

	/**
	 * Answer a request over the web.
	 */
	static WebEndpointResponse<Object> orResponse(Supplier<Object> request) {
		try {
			return new WebEndpointResponse<>(request.get());
		}
		catch (RequestProblem ex) {
			return new WebEndpointResponse<>(new ProblemDescriptor(ex.status, ex.title, ex.detail), ex.status,
					PROBLEM_JSON);
		}
	}

	/**
	 * Answer a request over JMX, which knows of one kind of problem only.
	 */
	static <T> T orInvalid(Supplier<T> request) {
		try {
			return request.get();
		}
		catch (RequestProblem ex) {
			throw new InvalidEndpointRequestException(ex.detail, ex.detail);
		}
	}

}
