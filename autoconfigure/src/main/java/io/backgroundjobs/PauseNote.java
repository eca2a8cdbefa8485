package io.backgroundjobs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the last time that a periodic job or a pool was paused or resumed.
 *
 * @param paused whether it was paused; otherwise it was resumed
 * @param at when
 * @param by who did it, or {@code null} if that was not said
 * @param text why, for people to read, or {@code null} if that was not said
 * @since 1.0.0
 */
public record PauseNote(boolean paused, Instant at, @Nullable String by, @Nullable String text) {
}
