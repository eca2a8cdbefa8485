package io.backgroundjobs.actuate;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.DurableQueue;

/**
 * Description of the durable jobs of one name, those of all instances of the application.
 *
 * @param name their name
 * @param known whether the instance that answers runs jobs of this name
 * @param pending how many are due and wait
 * @param scheduled how many are due later
 * @param running how many run
 * @param failed how many have failed for good
 * @param oldestDue since when the one has been due that waits longest, or {@code null} if
 * none waits
 * @since 1.0.0
 */
public record DurableQueueDescriptor(String name, boolean known, long pending, long scheduled, long running,
		long failed, @Nullable Instant oldestDue) {

	static DurableQueueDescriptor of(DurableQueue queue) {
		return new DurableQueueDescriptor(queue.name(), queue.known(), queue.pending(), queue.scheduled(),
				queue.running(), queue.failed(), Moments.ofNullable(queue.oldestDue()));
	}

}
