package io.backgroundjobs.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of why a request was not carried out, in the form of RFC 9457.
 *
 * @param status the HTTP status
 * @param title what that status means
 * @param detail what is wrong, and what to do about it
 * @since 1.0.0
 */
public record ProblemDescriptor(int status, String title, String detail) implements OperationResponseBody {
}
