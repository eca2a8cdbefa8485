package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.List;
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
	 * The longest time that is waited in one piece for an instant of the wall clock, so
	 * that a correction is noticed.
	 */
	private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(60);

	/** The farthest time that an alarm can be set for, some 73 years. */
	private static final long FARTHEST = 1L << 61;

	private static final Logger logger = LoggerFactory.getLogger(Ticker.class);

	private final EngineClock clock;

	private final PeriodicRegistration job;

	private final EngineClock.Alarm alarm;

	private TickPlan plan;

	private boolean ticking;

	private boolean begun;

	/** Whether the next instant is known only when the current one is dealt with. */
	private boolean dealing;

	/** Whether a call of the alarm is to come. */
	private boolean armed;

	/** What it is set for; nanoseconds of the clock. */
	private long alarmDue;

	Ticker(EngineClock clock, PeriodicRegistration job, TickPlan plan) {
		this.clock = clock;
		this.job = job;
		this.plan = plan;
		this.alarm = clock.alarm(this::fire);
	}

	/**
	 * Begin to tick, or go on after a stop. May call code of the user.
	 * @param initialDelay time to the first tick in nanoseconds, or -1 if none was given
	 */
	void start(long initialDelay) {
		boolean started = false;
		while (!started) {
			TickPlan asked = plan();
			started = start(asked, ask(asked), initialDelay, this.job.isAboutToStart());
		}
	}

	/**
	 * Start by a plan.
	 * @param starting whether a run has been held back, which starts from now on
	 * @return {@code false} if it was replaced while its trigger was asked
	 */
	private synchronized boolean start(TickPlan asked, @Nullable Instant answer, long initialDelay, boolean starting) {
		if (this.plan != asked) {
			return false;
		}
		if (this.ticking || !this.job.mayTick()) {
			return true;
		}
		long now = this.clock.nanoTime();
		Instant wall = this.clock.instant();
		this.ticking = true;
		if (!this.dealing) {
			asked.answered(answer);
			if (this.begun && starting) {
				asked.resume(now, wall, now, now);
			}
			else if (this.begun && this.job.hasRun()) {
				asked.resume(now, wall, this.job.lastStart(), this.job.lastEnd());
			}
			else {
				asked.begin(now, wall, this.begun ? 0 : initialDelay);
			}
			arm(now, wall);
		}
		this.begun = true;
		return true;
	}

	synchronized void stop() {
		this.ticking = false;
		disarm();
	}

	/**
	 * Tick by another plan from now on.
	 * @param answer what {@link #ask} returned for that plan
	 * @param firstDelay time to the first tick in nanoseconds, or -1 for the plan's own
	 */
	synchronized void replace(TickPlan newPlan, @Nullable Instant answer, long firstDelay) {
		this.plan = newPlan;
		this.dealing = false;
		disarm();
		if (this.ticking) {
			long now = this.clock.nanoTime();
			Instant wall = this.clock.instant();
			newPlan.answered(answer);
			newPlan.begin(now, wall, firstDelay);
			arm(now, wall);
		}
	}

	/**
	 * The current instant is dealt with: its run has left, or there was none. May call
	 * code of the user.
	 * @param dealt the plan that named it
	 */
	void proceed(TickPlan dealt) {
		if (!goesOn(dealt)) {
			return;
		}
		Instant answer = ask(dealt);
		synchronized (this) {
			if (goesOn(dealt)) {
				long now = this.clock.nanoTime();
				Instant wall = this.clock.instant();
				this.dealing = false;
				dealt.answered(answer);
				dealt.dealtWith(now, wall);
				arm(now, wall);
			}
		}
	}

	synchronized @Nullable Instant next() {
		boolean known = this.ticking && !this.dealing;
		return known ? this.plan.next(this.clock.nanoTime(), this.clock.instant()) : null;
	}

	synchronized List<Instant> next(int count) {
		boolean known = this.ticking && !this.dealing && count > 0;
		return known ? this.plan.next(this.clock.nanoTime(), this.clock.instant(), count) : List.of();
	}

	/**
	 * Return since when the timer should have fired.
	 * @return the instant, or {@code null} if it need not have
	 */
	synchronized @Nullable Instant lateSince() {
		if (!this.ticking || this.dealing) {
			return null;
		}
		Instant wall = this.clock.instant();
		long delay = this.plan.delay(this.clock.nanoTime(), wall);
		return (delay < 0) ? wall.plusNanos(delay) : null;
	}

	/**
	 * Ask the trigger of a plan, if it has one. Calls code of the user.
	 */
	@Nullable Instant ask(TickPlan asked) {
		try {
			return asked.ask(this.clock.instant(), this.job.lastStartAt(), this.job.lastEndAt());
		}
		catch (Throwable ex) {
			logger.error("The trigger of periodic job '{}' failed; the job ticks no more", this.job.name(), ex);
			return null;
		}
	}

	private void fire() {
		TickPlan reachedPlan;
		Reached reached;
		long now;
		long late;
		long due;
		synchronized (this) {
			if (!this.armed) {
				return;
			}
			reachedPlan = this.plan;
			now = this.clock.nanoTime();
			late = now - this.alarmDue;
			// To look at the wall clock makes an object.
			Instant wall = reachedPlan.followsWallClock() ? this.clock.instant() : Instant.EPOCH;
			long delay = reachedPlan.delay(now, wall);
			if (late < 0 || delay > 0) {
				// This call is of an alarm that was set anew meanwhile, or the wall
				// clock has been corrected.
				arm(now, wall);
				return;
			}
			due = now + delay;
			reached = reachedPlan.reach(now, wall, this.job.keptOfMissed());
			if (reached != null && this.job.missedPolicy() == MissedRunPolicy.RUN_ONCE) {
				reachedPlan.reanchor(now);
			}
			this.dealing = reachedPlan.waitsForRun();
			arm(now, wall);
		}
		if (reached == null) {
			this.job.ticked(reachedPlan, due);
		}
		else {
			this.job.ticked(reachedPlan, reached, now);
		}
		this.job.fired(late, now);
	}

	private void arm(long now, Instant wall) {
		long delay = this.dealing ? TickPlan.UNKNOWN : this.plan.delay(now, wall);
		if (delay == TickPlan.UNKNOWN) {
			disarm();
			return;
		}
		long wait = Math.min(delay, this.plan.followsWallClock() ? LONGEST_WAIT : FARTHEST);
		this.armed = true;
		this.alarmDue = now + Math.max(0, wait);
		this.alarm.set(this.alarmDue);
	}

	private void disarm() {
		this.armed = false;
		this.alarm.cancel();
	}

	private synchronized TickPlan plan() {
		return this.plan;
	}

	private synchronized boolean goesOn(TickPlan dealt) {
		if (this.plan != dealt || !this.dealing) {
			return false;
		}
		if (!this.ticking) {
			// Whoever starts it again asks then.
			this.dealing = false;
		}
		return this.ticking;
	}

}
