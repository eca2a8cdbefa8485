package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Looks for a job that all instances share, whenever this instance's clock reaches one of
 * its instants. Guarded by its monitor.
 */
final class ClusterAlarm {

	/**
	 * A wait for the wall clock is cut into pieces, so that a corrected clock is seen.
	 */
	private static final Duration PIECE = Duration.ofSeconds(60);

	/** How often is looked for a job whose instants are not known in advance. */
	private static final Duration LOOK = Duration.ofSeconds(10);

	private final EngineClock clock;

	private final Supplier<ClusterPlan> plan;

	/** Does not block. */
	private final Runnable look;

	/** When the job was due next, as far as it was seen. */
	private @Nullable Instant due;

	private @Nullable Instant next;

	private EngineClock.@Nullable Timer timer;

	private boolean set;

	ClusterAlarm(EngineClock clock, Supplier<ClusterPlan> plan, Runnable look) {
		this.clock = clock;
		this.plan = plan;
		this.look = look;
	}

	synchronized void set() {
		this.set = true;
		arm();
	}

	synchronized void cancel() {
		this.set = false;
		disarm();
	}

	/**
	 * The job was seen to be due at an instant.
	 */
	synchronized void seen(Instant instant) {
		this.due = instant;
		if (this.set && this.plan.get().after(this.clock.instant()) == null) {
			arm();
		}
	}

	private void arm() {
		disarm();
		Instant now = this.clock.instant();
		Instant instant = this.plan.get().after(now);
		if (instant == null) {
			instant = (this.due != null && this.due.isAfter(now)) ? this.due : now.plus(LOOK);
		}
		this.next = instant;
		wait(now, instant);
	}

	private void wait(Instant now, Instant instant) {
		this.timer = this.clock.schedule(this::alarm, Math.min(TickPlan.between(now, instant), PIECE.toNanos()));
	}

	private void disarm() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private void alarm() {
		synchronized (this) {
			if (!this.set) {
				return;
			}
			Instant now = this.clock.instant();
			if (this.next != null && now.isBefore(this.next)) {
				wait(now, this.next);
				return;
			}
			arm();
		}
		this.look.run();
	}

}
