package io.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A job that had succeeded before it was made. Immutable.
 *
 * @param <T> the type of the result
 */
final class CompletedJob<T extends @Nullable Object> implements Job<T> {

	private final String id = UUID.randomUUID().toString();

	private final Instant at = Instant.now();

	private final T value;

	CompletedJob(T value) {
		this.value = value;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String name() {
		return "completed";
	}

	@Override
	public String pool() {
		return "none";
	}

	@Override
	public JobKind kind() {
		return JobKind.SPAWNED;
	}

	@Override
	public JobState state() {
		return JobState.SUCCEEDED;
	}

	@Override
	public int attempts() {
		return 1;
	}

	@Override
	public Instant createdAt() {
		return this.at;
	}

	@Override
	public Instant startedAt() {
		return this.at;
	}

	@Override
	public Instant endedAt() {
		return this.at;
	}

	@Override
	public @Nullable JobProgress progress() {
		return null;
	}

	@Override
	public @Nullable String cancelReason() {
		return null;
	}

	@Override
	public JobOutcome outcome() {
		return JobOutcome.SUCCEEDED;
	}

	@Override
	public @Nullable Throwable failure() {
		return null;
	}

	@Override
	public T await() {
		return this.value;
	}

	@Override
	public T await(Duration timeout) {
		return this.value;
	}

	@Override
	public boolean cancel() {
		return false;
	}

	@Override
	public CompletableFuture<T> toFuture() {
		return CompletableFuture.completedFuture(this.value);
	}

	@Override
	public String toString() {
		return "Job[" + this.id + ", SUCCEEDED]";
	}

}
