package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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

	/**
	 * How far the wall clock may go back before it counts as a new time, whose instants
	 * are due although the clock has shown them before. Below that they are not due
	 * twice. It is the measure that Vixie cron uses.
	 */
	private static final Duration NEW_TIME = Duration.ofHours(3);

	private final CronSchedule schedule;

	private final long phase;

	private @Nullable Instant next;

	/** What the wall clock showed when the next instant was named. */
	private Instant namedAt = Instant.MIN;

	CronPlan(CronSchedule schedule, long phase) {
		this.schedule = schedule;
		this.phase = phase;
	}

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		Instant from = wall.plusNanos(Math.max(0, initialDelay));
		// The first that is not before the start, shift included: strictly after what
		// lies one nanosecond earlier.
		name(after(from.minusNanos(1)), wall);
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		name(after(wall), wall);
	}

	@Override
	public long delay(long now, Instant wall) {
		Instant instant = next(now, wall);
		return (instant != null) ? TickPlan.between(wall, instant) : UNKNOWN;
	}

	@Override
	public @Nullable Reached reach(long now, Instant wall, int keep) {
		Deque<Instant> kept = new ArrayDeque<>();
		long count = 0;
		Instant instant = this.next;
		while (instant != null && !instant.isAfter(wall)) {
			if (count == MOST_MISSED) {
				instant = after(wall);
				break;
			}
			count++;
			kept.add(instant);
			if (kept.size() > keep) {
				kept.remove();
			}
			instant = after(instant);
		}
		name(instant, wall);
		if (count == 1) {
			return null;
		}
		return new Reached(count, kept.stream().map((each) -> TickPlan.between(each, wall)).toList());
	}

	@Override
	public boolean followsWallClock() {
		return true;
	}

	@Override
	public @Nullable Instant next(long now, Instant wall) {
		if (wall.isBefore(this.namedAt) && TickPlan.between(wall, this.namedAt) > NEW_TIME.toNanos()) {
			name(after(wall), wall);
		}
		return this.next;
	}

	@Override
	public List<Instant> next(long now, Instant wall, int count) {
		return Stream.iterate(next(now, wall), Objects::nonNull, this::after).limit(count).toList();
	}

	private void name(@Nullable Instant instant, Instant wall) {
		this.next = instant;
		this.namedAt = wall;
	}

	private @Nullable Instant after(Instant instant) {
		Instant named = this.schedule.next(instant.minusNanos(this.phase));
		return (named != null) ? named.plusNanos(this.phase) : null;
	}

}
