package io.backgroundjobs.sample;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Says in a problem detail (RFC 9457) what is wrong with a request. Spring makes those of
 * its own exceptions, and the starter that of a rejected job: {@code 503} with
 * {@code Retry-After}.
 */
@RestControllerAdvice
class ApiErrors {

	@ExceptionHandler
	ProblemDetail photoRefused(PhotoRefusedException ex) {
		HttpStatus status = switch (ex.reason()) {
			case UNSUPPORTED -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
			case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
		};
		return ProblemDetail.forStatusAndDetail(status, ex.getMessage());
	}

}
