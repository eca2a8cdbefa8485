package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Names the instants of one periodic job. All times in nanoseconds of the clock, beside
 * the wall clock's instant for those that follow it. Guarded by the monitor of its
 * {@link Ticker}.
 */
interface TickPlan {

	/** There is no next instant, or it is not known yet. */
	long UNKNOWN = Long.MAX_VALUE;

	/**
	 * Ask the application for the next instant, if it is the one that knows. Calls code
	 * of the user, and is therefore not guarded.
	 * @param lastStart when the last run started
	 * @param lastEnd when the last run left
	 * @return what to hand to {@link #answered}
	 */
	default @Nullable Instant ask(Instant wall, @Nullable Instant lastStart, @Nullable Instant lastEnd) {
		return null;
	}

	/**
	 * The application has been asked. Comes before {@link #begin}, {@link #resume} and
	 * {@link #dealtWith}.
	 */
	default void answered(@Nullable Instant instant) {
	}

	/**
	 * Name the first instant.
	 * @param initialDelay time until it, or -1 if none was given
	 */
	void begin(long now, Instant wall, long initialDelay);

	/**
	 * Name the next instant after the scheduler was stopped and started again.
	 * @param lastStart when the last run started
	 * @param lastEnd when the last run left; if none has, when the first started
	 */
	void resume(long now, Instant wall, long lastStart, long lastEnd);

	/**
	 * Return how long it is until the next instant.
	 * @return nanoseconds, not positive if it has come; {@link #UNKNOWN} if there is none
	 */
	long delay(long now, Instant wall);

	/**
	 * The next instant has come: name the one after it.
	 * @param keep how many of several instants are of interest
	 * @return what has come; {@code null} if it is the next instant alone, as it usually
	 * is
	 */
	@Nullable Reached reach(long now, Instant wall, int keep);

	/**
	 * Count on from a run that makes up for missed instants.
	 */
	default void reanchor(long now) {
	}

	/**
	 * Whether the instants are those of the wall clock, which may be corrected. If not,
	 * the wall clock need not be asked for what the plan is told.
	 */
	default boolean followsWallClock() {
		return false;
	}

	/**
	 * Whether the next instant is known only when the current one is dealt with.
	 */
	default boolean waitsForRun() {
		return false;
	}

	/**
	 * The current instant is dealt with: its run has left, or there was none.
	 */
	default void dealtWith(long now, Instant wall) {
	}

	/**
	 * Return the next instant.
	 */
	default @Nullable Instant next(long now, Instant wall) {
		long delay = delay(now, wall);
		return (delay != UNKNOWN) ? wall.plusNanos(delay) : null;
	}

	/**
	 * Return the next instants, as far as they are known.
	 * @param count how many at most; positive
	 */
	default List<Instant> next(long now, Instant wall, int count) {
		Instant instant = next(now, wall);
		return (instant != null) ? List.of(instant) : List.of();
	}

	/**
	 * Return how long it is from one instant to another.
	 * @return nanoseconds; if there are too many, as many as fit
	 */
	static long between(Instant from, Instant to) {
		try {
			return Duration.between(from, to).toNanos();
		}
		catch (ArithmeticException ex) {
			// More than 292 years, and looked at again on the way.
			return to.isAfter(from) ? UNKNOWN - 1 : -UNKNOWN;
		}
	}

	/**
	 * Instants that the clock has reached late.
	 *
	 * @param count how many have come, the missed ones among them; more than one
	 * @param late how late the last of them are, in their order; nanoseconds
	 */
	record Reached(long count, List<Long> late) {
	}

}
