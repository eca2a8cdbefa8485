package io.backgroundjobs.actuate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

/**
 * Lets what jobs carry be seen or not: texts become asterisks, and stacks are left out.
 */
final class ShownValues {

	/** How many frames of a stack are shown. */
	static final int MAX_FRAMES = 100;

	private final Sanitizer sanitizer;

	private final boolean shown;

	ShownValues(Sanitizer sanitizer, boolean shown) {
		this.sanitizer = sanitizer;
		this.shown = shown;
	}

	/**
	 * Return a text, or what stands in its place.
	 * @param key what the text is, for sanitizing functions of the application
	 */
	@Nullable String text(String key, @Nullable String text) {
		Object sanitized = this.sanitizer.sanitize(new SanitizableData(null, key, text), this.shown);
		return (sanitized != null) ? sanitized.toString() : null;
	}

	/**
	 * Return the innermost frames of a stack.
	 * @return the frames as texts, or {@code null} if there are none or they are hidden
	 */
	@Nullable List<String> frames(Collection<StackTraceElement> stack) {
		if (!this.shown || stack.isEmpty()) {
			return null;
		}
		List<String> frames = new ArrayList<>();
		stack.stream().limit(MAX_FRAMES).forEach((frame) -> frames.add(frame.toString()));
		if (stack.size() > MAX_FRAMES) {
			frames.add("... " + (stack.size() - MAX_FRAMES) + " more");
		}
		return frames;
	}

}
