package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Instants of the wall clock.
 */
final class CronPlan implements TickPlan {

	/**
	 * How many missed instants are counted one by one. A clock that was corrected by more
	 * has not missed them: nobody was there for them to be named to.
	 */
	private static final int MOST_MISSED = 100_000;

	private final CronSchedule schedule;

	private final long phase;

	private @Nullable Instant next;

	CronPlan(CronSchedule schedule, long phase) {
		this.schedule = schedule;
		this.phase = phase;
	}

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		Instant from = wall.plusNanos(Math.max(0, initialDelay));
		// The first that is not before the start, shift included: strictly after what
		// lies
		// one nanosecond earlier.
		this.next = after(from.minusNanos(this.phase + 1));
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		this.next = after(wall.minusNanos(this.phase));
	}

	@Override
	public long delay(long now, Instant wall) {
		Instant instant = this.next;
		if (instant == null) {
			return UNKNOWN;
		}
		try {
			return Duration.between(wall, instant).toNanos();
		}
		catch (ArithmeticException ex) {
			// More than 292 years: too far for nanoseconds, and looked at again on the
			// way.
			return UNKNOWN - 1;
		}
	}

	@Override
	public Reached reach(long now, Instant wall, int keep) {
		Deque<Instant> kept = new ArrayDeque<>();
		long count = 0;
		Instant instant = this.next;
		while (instant != null && !instant.isAfter(wall)) {
			if (count == MOST_MISSED) {
				instant = after(wall.minusNanos(this.phase));
				break;
			}
			count++;
			kept.add(instant);
			if (kept.size() > keep) {
				kept.remove();
			}
			instant = after(instant.minusNanos(this.phase));
		}
		this.next = instant;
		return new Reached(count, kept.stream().map((each) -> Duration.between(each, wall).toNanos()).toList());
	}

	@Override
	public @Nullable Instant next(long now, Instant wall) {
		return this.next;
	}

	private @Nullable Instant after(Instant instant) {
		Instant named = this.schedule.next(instant);
		return (named != null) ? named.plusNanos(this.phase) : null;
	}

}
