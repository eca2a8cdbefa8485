package io.backgroundjobs.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Where a periodic job of all instances stands.
 *
 * @param due the next instant to carry out
 * @param after the first instant that has no result yet beside it, or {@code null} if
 * that is simply the one after it
 * @since 1.0.0
 */
public record ClusterPosition(Instant due, @Nullable Instant after) {
}
