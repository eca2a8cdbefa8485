package io.backgroundjobs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * One unit of work that was handed over, and the handle on it.
 *
 * <p>
 * Waiting and cancelling are two things: a wait that times out leaves the job alone, and
 * what is done to {@link #toFuture()} never reaches the job.
 *
 * <p>
 * Implementations are thread-safe. A handle may be kept for as long as one likes: once
 * the job has ended it holds the outcome and nothing of the body.
 *
 * @param <T> the type of the result
 * @since 1.0.0
 */
public interface Job<T extends @Nullable Object> {

	/**
	 * Return the identifier: opaque, without secrets, unique over instances and restarts
	 * of the application.
	 * @return the identifier
	 */
	String id();

	/**
	 * Return the name that the job was given.
	 * @return the name
	 */
	String name();

	/**
	 * Return the pool that the job runs in; for a periodic job with an executor of its
	 * own, {@code executor}.
	 * @return the name of the pool
	 */
	String pool();

	/**
	 * Return where the job came from.
	 * @return the kind
	 */
	JobKind kind();

	/**
	 * Return the state at this moment.
	 * @return the state
	 */
	JobState state();

	/**
	 * Return how many attempts were started.
	 * @return the number of attempts; 0 before the first
	 */
	int attempts();

	/**
	 * Return when the job was accepted.
	 * @return the instant of the spawn, or of the tick's firing
	 */
	Instant createdAt();

	/**
	 * Return when the first attempt was started.
	 * @return the instant, or {@code null} if no attempt was started
	 */
	@Nullable Instant startedAt();

	/**
	 * Return when the outcome was set. A body that ignores its interrupt may still run.
	 * @return the instant, or {@code null} while the job is live
	 */
	@Nullable Instant endedAt();

	/**
	 * Return since when the body has been inside although its attempt is over, because it
	 * ignores its interrupt.
	 * @return the instant of the time-out or the cancellation, or {@code null} if no body
	 * has been left behind
	 */
	default @Nullable Instant overrunningSince() {
		return null;
	}

	/**
	 * Return what the body said last with {@link JobContext#progress(long, long)}.
	 * @return the progress, or {@code null} if it said nothing
	 */
	@Nullable JobProgress progress();

	/**
	 * Return what ended a {@link JobState#CANCELLED} job, for people to read.
	 * @return the reason, or {@code null} if the job is not cancelled
	 */
	@Nullable String cancelReason();

	/**
	 * Return how the job ended.
	 * @return the outcome, or {@code null} while the job is live
	 */
	@Nullable JobOutcome outcome();

	/**
	 * Return what the last attempt threw.
	 * @return the failure, a {@link JobTimeoutException} for a run timeout, or
	 * {@code null} if the job is not {@link JobState#FAILED}
	 */
	@Nullable Throwable failure();

	/**
	 * Return where the thread that runs the body is at this moment, also when the job has
	 * ended and its body ignores that.
	 * @return the frames, the innermost first; empty if no thread is inside the body
	 */
	default List<StackTraceElement> stackTrace() {
		return List.of();
	}

	/**
	 * Wait for the job to end. A thread that is itself running a job lends its place
	 * while it waits. A failure that this call throws is not reported to
	 * {@link JobExceptionHandler}.
	 * @return what the body returned
	 * @throws InterruptedException if the calling thread is interrupted; the job goes on
	 * @throws JobFailedException if the job failed; its cause is what the body threw
	 * @throws JobCancelledException if the job was cancelled
	 * @throws IllegalStateException if the calling thread must not block
	 */
	T await() throws InterruptedException;

	/**
	 * Wait for the job to end, but no longer than the given time.
	 * @param timeout how long to wait for the result; taking back a lent place may take
	 * longer
	 * @return what the body returned
	 * @throws InterruptedException if the calling thread is interrupted; the job goes on
	 * @throws TimeoutException if the time has passed; the job goes on
	 * @throws JobFailedException if the job failed; its cause is what the body threw
	 * @throws JobCancelledException if the job was cancelled
	 * @throws IllegalStateException if the calling thread must not block
	 */
	T await(Duration timeout) throws InterruptedException, TimeoutException;

	/**
	 * Cancel the job: it ends now, and its body, if it runs, is interrupted. In a
	 * shielded region of the body both happen when the region ends.
	 * @return whether this call cancels it; {@code false} if it has ended already, if
	 * another cancel was first, or if the job is shielded
	 */
	boolean cancel();

	/**
	 * Return a future that completes as the job does. It is a view: completing or
	 * cancelling it does not touch the job, and it does not take a failure from
	 * {@link JobExceptionHandler}. Joining it from inside a job does not lend that job's
	 * place; use {@link #await()} there.
	 * @return a new future; fails with what the body threw, or with
	 * {@link JobCancelledException}
	 */
	CompletableFuture<T> toFuture();

	/**
	 * Return a job that has succeeded already, for methods that return a job but have
	 * nothing to do.
	 * @param <T> the type of the result
	 * @param value the result
	 * @return an ended job
	 */
	static <T extends @Nullable Object> Job<T> completed(T value) {
		return new CompletedJob<>(value);
	}

}
