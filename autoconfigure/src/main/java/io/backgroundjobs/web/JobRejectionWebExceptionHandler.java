package io.backgroundjobs.web;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

import io.backgroundjobs.JobRejectedException;

/**
 * Answers a request to Spring WebFlux whose job was not accepted. Exception handlers of
 * controllers and of functional endpoints come before any {@link WebExceptionHandler}.
 *
 * @since 1.0.0
 */
public final class JobRejectionWebExceptionHandler implements WebExceptionHandler, Ordered {

	/**
	 * As Spring Boot's last resort, and declared before it; an application's own handler
	 * of this order or before comes first.
	 */
	private static final int ORDER = -1;

	private static final ResolvableType BODY = ResolvableType.forClass(ProblemDetail.class);

	private final JobRejectionProblem problem;

	private final List<HttpMessageWriter<?>> writers;

	/**
	 * Create the handler.
	 * @param problem describes the rejections
	 * @param writers write the body; without one that can, the response has none
	 */
	public JobRejectionWebExceptionHandler(JobRejectionProblem problem, List<HttpMessageWriter<?>> writers) {
		this.problem = problem;
		this.writers = writers;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable ex) {
		JobRejectedException rejection = find(ex);
		if (rejection == null || exchange.getResponse().isCommitted()) {
			return Mono.error(ex);
		}
		ProblemDetail detail = this.problem.describe(rejection);
		detail.setInstance(URI.create(exchange.getRequest().getURI().getRawPath()));
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(HttpStatusCode.valueOf(detail.getStatus()));
		response.getHeaders().putAll(this.problem.headers(detail));
		return write(detail, response);
	}

	/**
	 * A rejection inside of a pipeline may arrive as a cause, as with Spring MVC.
	 */
	private static @Nullable JobRejectedException find(Throwable ex) {
		Throwable candidate = ex;
		while (candidate != null && !(candidate instanceof JobRejectedException)) {
			candidate = candidate.getCause();
		}
		return (JobRejectedException) candidate;
	}

	@SuppressWarnings("unchecked")
	private Mono<Void> write(ProblemDetail detail, ServerHttpResponse response) {
		for (HttpMessageWriter<?> writer : this.writers) {
			if (writer.canWrite(BODY, MediaType.APPLICATION_PROBLEM_JSON)) {
				return ((HttpMessageWriter<ProblemDetail>) writer).write(Mono.just(detail), BODY,
						MediaType.APPLICATION_PROBLEM_JSON, response, Map.of());
			}
		}
		return response.setComplete();
	}

}
