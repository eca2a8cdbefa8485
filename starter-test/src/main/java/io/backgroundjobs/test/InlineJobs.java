package io.backgroundjobs.test;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.RejectionReason;

/**
 * Steers the inline mode of {@code @WebMvcTest} and {@code @WebFluxTest} slices, in which
 * a spawn returns when its job has run.
 *
 * <p>
 * The body runs on a thread of its pool, as in the application, and its failure goes to
 * the exception handlers. A job that has a delay, that waits for a commit, or that waits
 * for another attempt is not waited for; {@link VirtualTime} is there to be advanced. A
 * pool that the slice does not know is taken for {@code default}. Thread-safe; forgotten
 * after each test method.
 *
 * @since 1.0.0
 */
public final class InlineJobs {

	private final Queue<RejectionReason> rejections = new ArrayDeque<>();

	InlineJobs() {
	}

	/**
	 * Reject the next job that is handed over, so that a test sees what a controller does
	 * then. Called twice, it rejects two.
	 * @param reason the reason that the exception gives
	 */
	public synchronized void rejectNext(RejectionReason reason) {
		this.rejections.add(Objects.requireNonNull(reason, "reason"));
	}

	/**
	 * Forget rejections that did not happen.
	 */
	public synchronized void reset() {
		this.rejections.clear();
	}

	synchronized @Nullable RejectionReason takeRejection() {
		return this.rejections.poll();
	}

}
