package io.backgroundjobs.web;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

import io.backgroundjobs.JobRejectedException;

/**
 * Answers a request to Spring MVC whose job was not accepted, unless the application has
 * a handler of its own for that.
 *
 * @since 1.0.0
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public class JobRejectionAdvice {

	private final JobRejectionProblem problem;

	/**
	 * Create the advice.
	 * @param problem describes the rejections
	 */
	public JobRejectionAdvice(JobRejectionProblem problem) {
		this.problem = problem;
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(JobRejectedException rejection) {
		ProblemDetail detail = this.problem.describe(rejection);
		return ResponseEntity.status(detail.getStatus())
			.headers(this.problem.headers(detail))
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(detail);
	}

}
