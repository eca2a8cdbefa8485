package io.backgroundjobs.actuate;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of durable jobs that have failed for good.
 *
 * @param items the jobs, the oldest first
 * @param limit how many are listed at most
 * @param more whether there are more than are listed
 * @since 1.0.0
 */
public record FailedJobsDescriptor(List<StoredJobDescriptor> items, int limit,
		boolean more) implements OperationResponseBody {
}
