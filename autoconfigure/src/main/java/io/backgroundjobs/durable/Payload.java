package io.backgroundjobs.durable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is stored of a job, beside its name and when it is due.
 *
 * @param id the identifier, the same over attempts, instances and crashes
 * @param created when it was spawned
 * @param key its key, or {@code null} if it has none
 * @param arguments an array, with an element for each argument
 * @param context what the propagators have written
 * @param attempts how many attempts have failed
 * @param started when the first attempt began, or {@code null} before it has
 * @param lost how many instances in a row have died while they ran it
 * @param failure how the last attempt failed, or {@code null} if none has
 */
record Payload(String id, Instant created, @Nullable String key, JsonNode arguments, Map<String, String> context,
		int attempts, @Nullable Instant started, int lost, @Nullable Failure failure) {

	Payload {
		context = (context != null) ? Map.copyOf(context) : Map.of();
	}

	static Payload create(String id, Instant created, @Nullable String key, JsonNode arguments,
			Map<String, String> context) {
		return new Payload(id, created, key, arguments, context, 0, null, 0, null);
	}

	/**
	 * An attempt has failed.
	 */
	Payload failed(Failure how, Instant firstStart) {
		return new Payload(this.id, this.created, this.key, this.arguments, this.context, this.attempts + 1,
				(this.started != null) ? this.started : firstStart, 0, how);
	}

	/**
	 * The instance that ran it has died.
	 */
	Payload afterLoss() {
		return new Payload(this.id, this.created, this.key, this.arguments, this.context, this.attempts, this.started,
				this.lost + 1, this.failure);
	}

	/**
	 * It failed for a reason that is none of its attempts.
	 */
	Payload brokenBy(Failure how) {
		return new Payload(this.id, this.created, this.key, this.arguments, this.context, this.attempts, this.started,
				this.lost, how);
	}

	/**
	 * Begin again, as if nothing had been tried.
	 */
	Payload anew() {
		return new Payload(this.id, this.created, this.key, this.arguments, this.context, 0, null, 0, this.failure);
	}

	/**
	 * How an attempt failed.
	 *
	 * @param type the class of what was thrown
	 * @param message its message
	 * @param stackTrace where it came from, as text
	 * @param at when that was
	 */
	record Failure(String type, @Nullable String message, @Nullable String stackTrace, Instant at) {

		/** Longer traces are cut: they tell of themselves at their begin. */
		private static final int LONGEST = 8000;

		static Failure of(Throwable failure, Instant at) {
			try {
				StringWriter trace = new StringWriter();
				failure.printStackTrace(new PrintWriter(trace));
				return new Failure(failure.getClass().getName(), cut(failure.getMessage()), cut(trace.toString()), at);
			}
			catch (RuntimeException ex) {
				// Thrown by what was thrown; the attempt counts all the same.
				return new Failure(failure.getClass().getName(), "no message: " + ex.getClass().getName(), null, at);
			}
		}

		String text() {
			return (this.message != null) ? this.type + ": " + this.message : this.type;
		}

		private static @Nullable String cut(@Nullable String text) {
			return (text != null && text.length() > LONGEST) ? text.substring(0, LONGEST) : text;
		}

	}

}
