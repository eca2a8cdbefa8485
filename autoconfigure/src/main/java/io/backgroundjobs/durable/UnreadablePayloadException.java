package io.backgroundjobs.durable;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * What is stored of a job does not fit what this instance knows of it.
 */
final class UnreadablePayloadException extends Exception {

	@Serial
	private static final long serialVersionUID = 1L;

	UnreadablePayloadException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
