package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Instants at equal distances.
 */
final class FixedRatePlan implements TickPlan {

	private final long every;

	private final long phase;

	private long next;

	FixedRatePlan(long every, long phase) {
		this.every = every;
		this.phase = phase;
	}

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		this.next = now + Math.max(0, initialDelay) + this.phase;
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		this.next = now + Math.max(0, lastStart + this.every - now);
	}

	@Override
	public long delay(long now, Instant wall) {
		return this.next - now;
	}

	@Override
	public @Nullable Reached reach(long now, Instant wall, int keep) {
		if (now - this.next < this.every) {
			this.next += this.every;
			return null;
		}
		long count = (now - this.next) / this.every + 1;
		int kept = (int) Math.min(count, keep);
		long latest = this.next + (count - 1) * this.every;
		List<Long> late = new ArrayList<>(kept);
		for (int before = kept - 1; before >= 0; before--) {
			late.add(now - (latest - before * this.every));
		}
		this.next = latest + this.every;
		return new Reached(count, late);
	}

	@Override
	public List<Instant> next(long now, Instant wall, int count) {
		Instant first = wall.plusNanos(this.next - now);
		return Stream.iterate(first, (instant) -> instant.plusNanos(this.every)).limit(count).toList();
	}

	@Override
	public void reanchor(long now) {
		this.next = now + this.every;
	}

}
