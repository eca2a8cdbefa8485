package io.backgroundjobs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How many durable jobs of one name are in the database, over all instances of the
 * application.
 *
 * @param name the name of the jobs
 * @param known whether this instance knows jobs of this name and runs them
 * @param pending how many are due and wait
 * @param scheduled how many are due later
 * @param running how many run
 * @param failed how many have failed for good
 * @param oldestDue since when the one has been due that waits longest, or {@code null} if
 * none waits
 * @since 1.0.0
 */
public record DurableQueue(String name, boolean known, long pending, long scheduled, long running, long failed,
		@Nullable Instant oldestDue) {
}
