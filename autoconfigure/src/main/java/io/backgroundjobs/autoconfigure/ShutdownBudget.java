package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * How long a stop of the process may take at most, step by step, and how long it is
 * given.
 *
 * @param requests how long the web server finishes its requests, before the drain begins
 * @param shielded how long shielded jobs may finish, from the begin of the drain
 * @param closing how long interrupted jobs may take to leave
 * @param given how long the platform waits until it kills the process
 */
record ShutdownBudget(Duration requests, Duration shielded, Duration closing, Duration given) {

	static final String REQUESTS = "spring.lifecycle.timeout-per-shutdown-phase";

	static final String PREFIX = "background-jobs.shutdown.";

	private static final String SHIELDED = PREFIX + "shield-timeout";

	private static final String CLOSING = PREFIX + "close-timeout";

	private static final String GIVEN = PREFIX + "grace-period";

	/**
	 * Return what the drain takes at its longest: jobs that leave at the very end of
	 * their time have the close timeout once more to tell their listeners.
	 */
	private Duration drain() {
		return this.shielded.plus(this.closing).plus(this.closing);
	}

	Duration needed() {
		return this.requests.plus(drain());
	}

	boolean fits() {
		return needed().compareTo(this.given) <= 0;
	}

	/**
	 * Return the figures and, if they do not fit, what to do about it.
	 * @return a block of several lines
	 */
	String text() {
		StringJoiner lines = new StringJoiner(System.lineSeparator());
		lines.add("A shutdown may take up to " + print(needed()) + ", and the process is given " + print(this.given)
				+ ":");
		lines.add(line("", this.requests, "the web server finishes its requests", REQUESTS));
		lines.add(line("+", this.shielded, "jobs finish, shielded ones included", SHIELDED));
		lines.add(line("+", this.closing, "jobs that were interrupted leave", CLOSING));
		lines.add(line("+", this.closing, "the last ones tell their listeners", CLOSING));
		lines.add(line("=", needed(), "of the grace period of " + print(this.given), GIVEN));
		if (!fits()) {
			lines.add("A process that is killed before the end loses its jobs, and cannot say which.");
			lines.add(advice());
			lines.add(
					"Leave room for preStop hooks, Spring's own executors and the closing of beans: they come on top.");
		}
		return lines.toString();
	}

	private static String line(String sign, Duration duration, String what, String property) {
		return "  %1s %6s  %s (%s)".formatted(sign, print(duration), what, property);
	}

	private String advice() {
		long seconds = needed().plusNanos(999_999_999).toSeconds();
		return "Either give it more time: terminationGracePeriodSeconds: %d for its pod, and %s=%ds to say so here; or shorten %s."
			.formatted(seconds, GIVEN, seconds, String.join(", or ", shorter()));
	}

	/**
	 * Return what would do: one property alone, if possible.
	 */
	private List<String> shorter() {
		Duration excess = needed().minus(this.given);
		List<String> choices = new ArrayList<>();
		if (this.requests.compareTo(excess) > 0) {
			choices.add(REQUESTS + " to " + print(this.requests.minus(excess)));
		}
		if (this.shielded.compareTo(excess) > 0) {
			choices.add(SHIELDED + " to " + print(this.shielded.minus(excess)) + ", with wait-timeout not above it");
		}
		if (choices.isEmpty()) {
			choices.add("several of them by " + print(excess) + " together");
		}
		return choices;
	}

	private static String print(Duration duration) {
		return InvalidPropertyException.print(duration);
	}

}
