package io.backgroundjobs.actuate;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.PauseNote;

/**
 * Description of the last time that a periodic job or a pool was paused or resumed.
 *
 * @param action {@code paused} or {@code resumed}
 * @param at when
 * @param by who did it, or {@code null} if the application did
 * @param note why, asterisks if it is hidden, or {@code null} if that was not said
 * @since 1.0.0
 */
public record PauseNoteDescriptor(String action, Instant at, @Nullable String by, @Nullable String note) {

	static @Nullable PauseNoteDescriptor of(@Nullable PauseNote note, ShownValues values) {
		return (note != null) ? new PauseNoteDescriptor(note.paused() ? "paused" : "resumed", Moments.of(note.at()),
				note.by(), values.text("note", note.text())) : null;
	}

}
