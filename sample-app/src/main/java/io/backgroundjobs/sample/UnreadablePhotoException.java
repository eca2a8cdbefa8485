package io.backgroundjobs.sample;

import java.io.IOException;
import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a photo's file cannot be turned into a picture. Fails the photo's job, and
 * is shown as the photo's error.
 */
class UnreadablePhotoException extends IOException {

	@Serial
	private static final long serialVersionUID = 1L;

	UnreadablePhotoException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
