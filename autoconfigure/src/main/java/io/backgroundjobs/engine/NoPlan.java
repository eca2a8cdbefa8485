package io.backgroundjobs.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Names no instant: the job is only triggered.
 */
final class NoPlan implements TickPlan {

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		// There is no first instant.
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		// There is no next instant.
	}

	@Override
	public long delay(long now, Instant wall) {
		return UNKNOWN;
	}

	@Override
	public @Nullable Reached reach(long now, Instant wall, int keep) {
		throw new IllegalStateException("A job without a schedule has no instants");
	}

}
