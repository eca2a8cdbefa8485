package io.backgroundjobs.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * Rounds instants down to the milliseconds that people read. The next tick of a fixed
 * rate is measured by another clock than the wall clock, and would differ by some
 * nanoseconds each time that it is asked for.
 */
final class Moments {

	private Moments() {
	}

	static Instant of(Instant instant) {
		return instant.truncatedTo(ChronoUnit.MILLIS);
	}

	static @Nullable Instant ofNullable(@Nullable Instant instant) {
		return (instant != null) ? of(instant) : null;
	}

}
