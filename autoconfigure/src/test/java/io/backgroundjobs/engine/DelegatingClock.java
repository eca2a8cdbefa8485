package io.backgroundjobs.engine;

import java.time.Instant;

/**
 * A clock that goes by another one, for tests that change one thing about it.
 */
class DelegatingClock implements EngineClock {

	private final EngineClock clock;

	DelegatingClock(EngineClock clock) {
		this.clock = clock;
	}

	@Override
	public long nanoTime() {
		return this.clock.nanoTime();
	}

	@Override
	public Instant instant() {
		return this.clock.instant();
	}

	@Override
	public Timer schedule(Runnable task, long delay) {
		return this.clock.schedule(task, delay);
	}

}
