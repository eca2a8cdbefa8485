package io.backgroundjobs.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;

/**
 * Instants that a trigger of the application names, one after the other. The trigger is
 * asked outside of all locks, see {@link #ask}.
 */
final class TriggerPlan implements TickPlan {

	private final Trigger trigger;

	private final long phase;

	private @Nullable Instant next;

	/** The instant that the trigger named last, without the shift. */
	private @Nullable Instant scheduled;

	TriggerPlan(Trigger trigger, long phase) {
		this.trigger = trigger;
		this.phase = phase;
	}

	/**
	 * Ask the trigger for the next instant. Calls code of the user.
	 * @param lastStart when the last run started
	 * @param lastEnd when the last run left
	 * @return what to hand to {@link #name}
	 */
	@Nullable Instant ask(Instant wall, @Nullable Instant lastStart, @Nullable Instant lastEnd) {
		Instant lastScheduled = this.scheduled;
		return this.trigger.nextExecution(new TriggerContext() {

			@Override
			public Clock getClock() {
				return Clock.fixed(wall, ZoneId.systemDefault());
			}

			@Override
			public @Nullable Instant lastScheduledExecution() {
				return lastScheduled;
			}

			@Override
			public @Nullable Instant lastActualExecution() {
				return lastStart;
			}

			@Override
			public @Nullable Instant lastCompletion() {
				return lastEnd;
			}

		});
	}

	void name(@Nullable Instant instant) {
		this.scheduled = (instant != null) ? instant : this.scheduled;
		this.next = (instant != null) ? instant.plusNanos(this.phase) : null;
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
		// Named just before, by the trigger itself.
	}

	@Override
	public long delay(long now, Instant wall) {
		Instant instant = this.next;
		return (instant != null) ? Duration.between(wall, instant).toNanos() : UNKNOWN;
	}

	@Override
	public Reached reach(long now, Instant wall, int keep) {
		long late = -delay(now, wall);
		this.next = null;
		return Reached.one(late);
	}

	@Override
	public boolean waitsForRun() {
		return true;
	}

	@Override
	public @Nullable Instant next(long now, Instant wall) {
		return this.next;
	}

}
