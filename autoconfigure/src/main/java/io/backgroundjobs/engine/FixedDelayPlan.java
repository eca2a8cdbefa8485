package io.backgroundjobs.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Instants at a distance from the end of the run before.
 */
final class FixedDelayPlan implements TickPlan {

	private final long pause;

	private final long phase;

	private long next;

	FixedDelayPlan(long pause, long phase) {
		this.pause = pause;
		this.phase = phase;
	}

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		this.next = now + Math.max(0, initialDelay) + this.phase;
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		this.next = now + Math.max(0, lastEnd + this.pause - now);
	}

	@Override
	public long delay(long now, Instant wall) {
		return this.next - now;
	}

	@Override
	public @Nullable Reached reach(long now, Instant wall, int keep) {
		return null;
	}

	@Override
	public boolean waitsForRun() {
		return true;
	}

	@Override
	public void dealtWith(long now, Instant wall) {
		this.next = now + this.pause;
	}

}
