package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobProgress;
import io.backgroundjobs.JobState;

/**
 * Description of a job. What does not apply is {@code null}.
 *
 * @param id its identifier
 * @param name its name
 * @param kind where it came from
 * @param pool the pool that it runs in
 * @param state its state
 * @param attempts how many attempts were started
 * @param createdAt when it was accepted
 * @param startedAt when its first attempt was started
 * @param endedAt when its outcome was set
 * @param duration the time from its start to its end
 * @param outcome how it ended
 * @param overrunning {@code true} if its attempt is over and its body is still inside
 * @param overrunningSince since when that is so
 * @param progress what its body said last
 * @param cancelReason what cancelled it
 * @param exception what its last attempt threw, if it failed
 * @param stackTrace where the thread that runs its body is, if that is asked for and
 * shown
 * @since 1.0.0
 */
public record JobDescriptor(String id, String name, String kind, String pool, String state, int attempts,
		Instant createdAt, @Nullable Instant startedAt, @Nullable Instant endedAt, @Nullable Duration duration,
		@Nullable String outcome, @Nullable Boolean overrunning, @Nullable Instant overrunningSince,
		@Nullable JobProgress progress, @Nullable String cancelReason, @Nullable ExceptionDescriptor exception,
		@Nullable List<String> stackTrace) implements OperationResponseBody {

	static JobDescriptor brief(Job<?> job, boolean overrunning, ShownValues values) {
		return of(job, overrunning, (failure) -> ExceptionDescriptor.brief(failure, values), null);
	}

	static JobDescriptor full(Job<?> job, boolean overrunning, ShownValues values) {
		return of(job, overrunning, (failure) -> ExceptionDescriptor.full(failure, values),
				values.frames(job.stackTrace()));
	}

	private static JobDescriptor of(Job<?> job, boolean overrunning, FailureDescription failures,
			@Nullable List<String> stack) {
		// Read first, so that a job that ends meanwhile is described as live throughout.
		JobState state = job.state();
		boolean ended = state.isEnded();
		Instant startedAt = job.startedAt();
		Instant endedAt = ended ? job.endedAt() : null;
		Throwable failure = ended ? job.failure() : null;
		return new JobDescriptor(job.id(), job.name(), job.kind().toString(), job.pool(), text(state), job.attempts(),
				Moments.of(job.createdAt()), Moments.ofNullable(startedAt), Moments.ofNullable(endedAt),
				(startedAt != null && endedAt != null) ? Duration.between(startedAt, endedAt) : null,
				ended ? String.valueOf(job.outcome()) : null, overrunning ? true : null,
				overrunning ? Moments.ofNullable(job.overrunningSince()) : null, job.progress(),
				ended ? job.cancelReason() : null, (failure != null) ? failures.of(failure) : null, stack);
	}

	static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Describes what a job threw.
	 */
	private interface FailureDescription {

		ExceptionDescriptor of(Throwable failure);

	}

}
