package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.engine.TickPlan.Reached;

/**
 * Waits for the instants of one periodic job, one timer at a time. Guarded by its
 * monitor; a trigger of the application is asked outside of it.
 */
final class Ticker {

	/**
	 * The longest time that is waited in one piece, so that a corrected wall clock is
	 * noticed.
	 */
	private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(60);

	private static final Logger logger = LoggerFactory.getLogger(Ticker.class);

	private final EngineClock clock;

	private final PeriodicRegistration job;

	private TickPlan plan;

	private boolean ticking;

	private boolean begun;

	/** Tells a timer that was stopped when it was about to fire. */
	private long generation;

	private EngineClock.@Nullable Timer timer;

	Ticker(EngineClock clock, PeriodicRegistration job, TickPlan plan) {
		this.clock = clock;
		this.job = job;
		this.plan = plan;
	}

	/**
	 * Begin to tick, or go on after a stop.
	 * @param initialDelay time to the first tick in nanoseconds, or -1 if none was given
	 */
	void start(long initialDelay) {
		Instant asked = ask();
		synchronized (this) {
			if (this.ticking) {
				return;
			}
			long now = this.clock.nanoTime();
			Instant wall = this.clock.instant();
			nameAsked(asked);
			if (this.begun && this.job.hasRun()) {
				this.plan.resume(now, wall, this.job.lastStart(), this.job.lastEnd());
			}
			else {
				this.plan.begin(now, wall, this.begun ? 0 : initialDelay);
			}
			this.begun = true;
			this.ticking = true;
			arm(now, wall);
		}
	}

	synchronized void stop() {
		this.ticking = false;
		disarm();
	}

	/**
	 * Tick by another plan from now on.
	 * @param firstDelay time to the first tick in nanoseconds, or -1 for the plan's own
	 */
	void replace(TickPlan newPlan, long firstDelay) {
		synchronized (this) {
			this.plan = newPlan;
			disarm();
		}
		Instant asked = ask();
		synchronized (this) {
			if (this.plan == newPlan && this.ticking) {
				long now = this.clock.nanoTime();
				Instant wall = this.clock.instant();
				nameAsked(asked);
				newPlan.begin(now, wall, firstDelay);
				arm(now, wall);
			}
		}
	}

	/**
	 * The current instant is dealt with: its run has left, or there was none. May call
	 * code of the user.
	 */
	void proceed() {
		Instant asked = ask();
		synchronized (this) {
			if (!this.plan.waitsForRun() || this.timer != null || !this.ticking) {
				return;
			}
			long now = this.clock.nanoTime();
			Instant wall = this.clock.instant();
			nameAsked(asked);
			this.plan.dealtWith(now, wall);
			arm(now, wall);
		}
	}

	synchronized boolean waitsForRun() {
		return this.plan.waitsForRun();
	}

	synchronized @Nullable Instant next() {
		return this.ticking ? this.plan.next(this.clock.nanoTime(), this.clock.instant()) : null;
	}

	private void fire(long firedGeneration) {
		Reached reached;
		long now;
		synchronized (this) {
			if (!this.ticking || firedGeneration != this.generation) {
				return;
			}
			this.timer = null;
			now = this.clock.nanoTime();
			Instant wall = this.clock.instant();
			if (this.plan.delay(now, wall) > 0) {
				arm(now, wall);
				return;
			}
			reached = this.plan.reach(now, wall, this.job.keptOfMissed());
			if (reached.count() > 1 && this.job.missedPolicy() == MissedRunPolicy.RUN_ONCE) {
				this.plan.reanchor(now);
			}
			arm(now, wall);
		}
		this.job.ticked(reached, now);
	}

	private void arm(long now, Instant wall) {
		disarm();
		long delay = this.plan.delay(now, wall);
		if (delay != TickPlan.UNKNOWN) {
			long armed = this.generation;
			this.timer = this.clock.schedule(() -> fire(armed), Math.min(Math.max(0, delay), LONGEST_WAIT));
		}
	}

	private void disarm() {
		this.generation++;
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private @Nullable Instant ask() {
		TickPlan current;
		synchronized (this) {
			current = this.plan;
		}
		if (!(current instanceof TriggerPlan trigger)) {
			return null;
		}
		try {
			return trigger.ask(this.clock.instant(), this.job.lastStartAt(), this.job.lastEndAt());
		}
		catch (Throwable ex) {
			logger.error("The trigger of periodic job '{}' failed; the job ticks no more", this.job.name(), ex);
			return null;
		}
	}

	private void nameAsked(@Nullable Instant asked) {
		if (this.plan instanceof TriggerPlan trigger) {
			trigger.name(asked);
		}
	}

}
