package io.backgroundjobs.actuate;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.backgroundjobs.StoredJob;

/**
 * Description of a job in the application's database. What does not apply is
 * {@code null}.
 *
 * @param name its name
 * @param instance what tells it from others of its name
 * @param id its identifier, on whatever instance of the application it runs
 * @param state its state
 * @param attempts how many attempts have failed
 * @param createdAt when it was spawned
 * @param due when it is due, or has been
 * @param runningOn the name of the instance of the application that runs it
 * @param failedAt when its last attempt failed
 * @param exception what that attempt threw
 * @since 1.0.0
 */
public record StoredJobDescriptor(String name, String instance, String id, String state, int attempts,
		Instant createdAt, @Nullable Instant due, @Nullable String runningOn, @Nullable Instant failedAt,
		@Nullable ExceptionDescriptor exception) implements OperationResponseBody {

	static StoredJobDescriptor of(StoredJob job, ShownValues values) {
		String failure = job.failure();
		return new StoredJobDescriptor(job.name(), job.instance(), job.id(), JobDescriptor.text(job.state()),
				job.attempts(), Moments.of(job.createdAt()), Moments.ofNullable(job.due()), job.runningOn(),
				Moments.ofNullable(job.failedAt()),
				(failure != null) ? ExceptionDescriptor.stored(failure, values) : null);
	}

}
