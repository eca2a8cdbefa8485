package io.backgroundjobs.actuate;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Description of what an attempt threw.
 *
 * @param type the name of the class
 * @param message the message, asterisks if it is hidden, or {@code null} if there is none
 * @param stackTrace the innermost frames, or {@code null} if they are hidden or not asked
 * for
 * @param cause what lies underneath, or {@code null} if there is nothing or it is not
 * asked for
 * @since 1.0.0
 */
public record ExceptionDescriptor(String type, @Nullable String message, @Nullable List<String> stackTrace,
		@Nullable ExceptionDescriptor cause) {

	/** How many characters of a message are shown. */
	static final int MAX_MESSAGE = 2000;

	/** How many causes are followed; they may form a circle. */
	private static final int MAX_CAUSES = 10;

	static ExceptionDescriptor brief(Throwable exception, ShownValues values) {
		return new ExceptionDescriptor(exception.getClass().getName(), message(exception, values), null, null);
	}

	/**
	 * Describe an exception that is known as a text only.
	 * @param text its class and, after a colon, its message, if it has one
	 */
	static ExceptionDescriptor stored(String text, ShownValues values) {
		int end = text.indexOf(": ");
		return (end < 0) ? new ExceptionDescriptor(text, null, null, null)
				: new ExceptionDescriptor(text.substring(0, end), shown(text.substring(end + 2), values), null, null);
	}

	static ExceptionDescriptor full(Throwable exception, ShownValues values) {
		return full(exception, values, MAX_CAUSES);
	}

	private static ExceptionDescriptor full(Throwable exception, ShownValues values, int causes) {
		Throwable cause = (causes > 0) ? exception.getCause() : null;
		return new ExceptionDescriptor(exception.getClass().getName(), message(exception, values),
				values.frames(Arrays.asList(exception.getStackTrace())),
				(cause != null) ? full(cause, values, causes - 1) : null);
	}

	private static @Nullable String message(Throwable exception, ShownValues values) {
		String message;
		try {
			message = exception.getMessage();
		}
		catch (RuntimeException ex) {
			// One job's exception must not hide all others.
			message = "(the message cannot be read: " + ex.getClass().getName() + ")";
		}
		return shown(message, values);
	}

	private static @Nullable String shown(@Nullable String text, ShownValues values) {
		String message = text;
		if (message != null && message.length() > MAX_MESSAGE) {
			message = message.substring(0, MAX_MESSAGE) + "... " + (message.length() - MAX_MESSAGE) + " more";
		}
		return values.text("message", message);
	}

}
