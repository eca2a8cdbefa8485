package io.backgroundjobs.engine;

import java.util.concurrent.TimeUnit;

/**
 * Looks at the wall clock now and then, instead of once for each run: a look costs as
 * much as the way of a run through a pool. A correction is seen a millisecond later.
 * Thread-safe.
 */
final class WallTimes {

	private static final long VALID_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final EngineClock clock;

	private volatile WallTime latest;

	WallTimes(EngineClock clock) {
		this.clock = clock;
		this.latest = new WallTime(clock.nanoTime(), clock.instant());
	}

	/**
	 * Return the wall time to go by at a moment.
	 * @param now nanoseconds of the clock
	 */
	WallTime at(long now) {
		WallTime current = this.latest;
		if (now - current.nanos() >= VALID_NANOS) {
			current = new WallTime(this.clock.nanoTime(), this.clock.instant());
			this.latest = current;
		}
		return current;
	}

}
