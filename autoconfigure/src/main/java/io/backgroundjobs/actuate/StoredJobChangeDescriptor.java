package io.backgroundjobs.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of what was done to a job in the application's database.
 *
 * @param name its name
 * @param instance what tells it from others of its name
 * @param id its identifier
 * @param change {@code retried}, {@code cancelled} or {@code deleted}
 * @since 1.0.0
 */
public record StoredJobChangeDescriptor(String name, String instance, String id,
		String change) implements OperationResponseBody {
}
