package io.backgroundjobs.engine;

import java.time.Instant;

/**
 * Instants at a distance from the end of the run before.
 */
final class FixedDelayPlan implements TickPlan {

	private final long pause;

	private final long phase;

	private long next;

	private boolean known;

	FixedDelayPlan(long pause, long phase) {
		this.pause = pause;
		this.phase = phase;
	}

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		name(now + Math.max(0, initialDelay) + this.phase);
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		name(Math.max(now, lastEnd + this.pause));
	}

	@Override
	public long delay(long now, Instant wall) {
		return this.known ? this.next - now : UNKNOWN;
	}

	@Override
	public Reached reach(long now, Instant wall, int keep) {
		this.known = false;
		return Reached.one(now - this.next);
	}

	@Override
	public boolean waitsForRun() {
		return true;
	}

	@Override
	public void dealtWith(long now, Instant wall) {
		name(now + this.pause);
	}

	private void name(long instant) {
		this.next = instant;
		this.known = true;
	}

}
