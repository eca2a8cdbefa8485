package io.backgroundjobs.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of what cancelling all jobs of a pool has done.
 *
 * @param pool the name of the pool
 * @param cancelled how many jobs were cancelled; shielded ones are not
 * @since 1.0.0
 */
public record CancelledDescriptor(String pool, int cancelled) implements OperationResponseBody {
}
