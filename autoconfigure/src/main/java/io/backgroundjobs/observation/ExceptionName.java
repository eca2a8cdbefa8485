package io.backgroundjobs.observation;

import org.jspecify.annotations.Nullable;

/**
 * The value of the tag {@code exception}.
 */
final class ExceptionName {

	static final String NONE = "none";

	private ExceptionName() {
	}

	static String of(@Nullable Throwable failure) {
		if (failure == null) {
			return NONE;
		}
		// An anonymous class has no simple name.
		String name = failure.getClass().getSimpleName();
		return !name.isEmpty() ? name : failure.getClass().getName();
	}

}
