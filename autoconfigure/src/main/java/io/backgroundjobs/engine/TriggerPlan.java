package io.backgroundjobs.engine;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;

/**
 * Instants that a trigger of the application names, one after the other.
 */
final class TriggerPlan implements TickPlan {

	private final Trigger trigger;

	private final long phase;

	/** What the trigger named last. */
	private @Nullable Instant named;

	/** When the tick is due: what the trigger named, shifted, not before the begin. */
	private @Nullable Instant next;

	/** The instant of the last tick, as the trigger named it. */
	private volatile @Nullable Instant lastReached;

	TriggerPlan(Trigger trigger, long phase) {
		this.trigger = trigger;
		this.phase = phase;
	}

	@Override
	public @Nullable Instant ask(Instant wall, @Nullable Instant lastStart, @Nullable Instant lastEnd) {
		return this.trigger.nextExecution(new Context(wall, this.lastReached, lastStart, lastEnd));
	}

	@Override
	public void answered(@Nullable Instant instant) {
		this.named = instant;
		// A far instant means never, and has no later one.
		this.next = (instant != null && instant.isBefore(Instant.MAX.minusNanos(this.phase)))
				? instant.plusNanos(this.phase) : instant;
	}

	@Override
	public void begin(long now, Instant wall, long initialDelay) {
		Instant instant = this.next;
		if (instant != null && initialDelay > 0 && instant.isBefore(wall.plusNanos(initialDelay))) {
			this.next = wall.plusNanos(initialDelay);
		}
	}

	@Override
	public void resume(long now, Instant wall, long lastStart, long lastEnd) {
		// The trigger's answer is all there is.
	}

	@Override
	public long delay(long now, Instant wall) {
		Instant instant = this.next;
		return (instant != null) ? TickPlan.between(wall, instant) : UNKNOWN;
	}

	@Override
	public @Nullable Reached reach(long now, Instant wall, int keep) {
		this.lastReached = this.named;
		return null;
	}

	@Override
	public boolean followsWallClock() {
		return true;
	}

	@Override
	public boolean waitsForRun() {
		return true;
	}

	@Override
	public @Nullable Instant next(long now, Instant wall) {
		return this.next;
	}

	/**
	 * What a trigger is told.
	 *
	 * @param wall the current instant
	 * @param lastScheduledExecution the instant of the last tick
	 * @param lastActualExecution when the last run started
	 * @param lastCompletion when the last run left
	 */
	private record Context(Instant wall, @Nullable Instant lastScheduledExecution,
			@Nullable Instant lastActualExecution, @Nullable Instant lastCompletion) implements TriggerContext {

		@Override
		public Clock getClock() {
			return Clock.fixed(this.wall, ZoneId.systemDefault());
		}

	}

}
