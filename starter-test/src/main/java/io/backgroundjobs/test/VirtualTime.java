package io.backgroundjobs.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.engine.EngineClock;
import io.backgroundjobs.engine.JobEngine;

/**
 * A clock that stands still until a test advances it.
 *
 * <p>
 * Timers run on the advancing thread, in the order in which they are due, and in the
 * order in which they were set where they are due together; the clock shows each one's
 * own time while it runs. After each timer {@link #advance(Duration)} waits until the
 * jobs that it has set off have ended, so that two runs of one test see the same order.
 * What is due at once, as the first tick of a fixed rate is, runs with the next advance,
 * {@code advance(Duration.ZERO)} included.
 *
 * <p>
 * Intervals, delays and timeouts follow {@link #nanoTime()}, cron expressions the wall
 * clock. Both move together; {@link #shiftWallClock(Duration)} corrects the second alone.
 * Time never goes back: where test methods share an application context, each begins at
 * the time at which the one before has ended.
 *
 * <p>
 * Nothing but the scheduler's clock is virtual. A shutdown that waits for a job has its
 * bounds in virtual time too, so that it may wait for ever; when an application context
 * closes, its virtual time therefore gives way to {@linkplain #continueInRealTime() real
 * time}. Thread-safe.
 *
 * @since 1.0.0
 * @see AutoConfigureVirtualTime
 */
public final class VirtualTime implements EngineClock {

	/**
	 * Where time starts unless told otherwise: 2026-01-01T00:00:00Z.
	 */
	public static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

	/**
	 * How long an advance waits for the jobs to end unless told otherwise: 10 seconds of
	 * real time.
	 */
	public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(10);

	private final TimerQueue timers = new TimerQueue();

	private final List<JobEngine> schedulers = new CopyOnWriteArrayList<>();

	private final IdleWait idleWait;

	// Held by the one thread that moves time, while it runs timers and waits
	private final ReentrantLock advancing = new ReentrantLock();

	private volatile Instant origin; // what the wall clock shows at nanoTime 0

	/**
	 * Create a clock that shows {@link #DEFAULT_START}.
	 */
	public VirtualTime() {
		this(DEFAULT_START, DEFAULT_IDLE_TIMEOUT);
	}

	/**
	 * Create a clock.
	 * @param start what the wall clock shows
	 * @param idleTimeout how long an advance waits for the jobs to end, in real time;
	 * positive
	 */
	public VirtualTime(Instant start, Duration idleTimeout) {
		Objects.requireNonNull(start, "start");
		this.origin = start.minusNanos(nanoTime());
		this.idleWait = new IdleWait(this.schedulers, idleTimeout);
	}

	/**
	 * Wait for the jobs of a scheduler from now on, when time is advanced. In an
	 * application context this is done already.
	 * @param scheduler a scheduler whose clock this is
	 * @return this
	 */
	public VirtualTime watch(JobEngine scheduler) {
		this.schedulers.add(Objects.requireNonNull(scheduler, "scheduler"));
		return this;
	}

	/**
	 * Return the time of the wall clock.
	 * @return the current instant
	 */
	public Instant now() {
		return instant();
	}

	/**
	 * Return the wall clock for code that asks a {@link Clock}.
	 * @param zone the zone of that clock
	 * @return a clock that shows this time
	 */
	public Clock clock(ZoneId zone) {
		InstantSource source = this::instant;
		return source.withZone(zone);
	}

	/**
	 * Let time pass, timer by timer, and wait after each for the jobs to end.
	 * @param duration how much time; zero for what is due already
	 * @throws AssertionError if jobs have not ended within the idle timeout; the message
	 * lists them
	 * @throws IllegalStateException if no scheduler is watched, if time is real already,
	 * or if this is called from inside a job
	 */
	public void advance(Duration duration) {
		if (this.schedulers.isEmpty()) {
			throw new IllegalStateException("No scheduler is watched: call watch(scheduler) before time is advanced, "
					+ "or advanceWithoutWaiting");
		}
		move(duration, this::awaitIdle);
	}

	/**
	 * Let time pass until the wall clock shows an instant.
	 * @param instant the instant; not in the past
	 * @see #advance(Duration)
	 */
	public void advanceTo(Instant instant) {
		Duration duration = Duration.between(now(), instant);
		if (duration.isNegative()) {
			throw new IllegalArgumentException(
					"Time does not go back: it is " + now() + ", and " + instant + " has passed");
		}
		advance(duration);
	}

	/**
	 * Let time pass until the next timer is due, run what is due then, and wait for the
	 * jobs to end. A timer need not be a tick: long waits for a wall-clock time are cut
	 * into pieces.
	 * @return whether there was a timer
	 * @see #advance(Duration)
	 */
	public boolean advanceToNextTimer() {
		Long due = this.timers.nextDue();
		if (due == null) {
			return false;
		}
		advance(Duration.ofNanos(Math.max(0, due - nanoTime())));
		return true;
	}

	/**
	 * Let time pass and run what is due, but wait for no job: for tests that want a job
	 * to run while time passes, into its timeout or into its next tick.
	 * @param duration how much time; zero for what is due already
	 * @throws IllegalStateException if time is real already, or if this is called from
	 * inside a job
	 */
	public void advanceWithoutWaiting(Duration duration) {
		move(duration, () -> {
		});
	}

	/**
	 * Wait until no job waits for a place or runs. Background tasks, delayed jobs, jobs
	 * between two attempts, and what a paused pool holds back are not waited for.
	 * @throws AssertionError if jobs have not ended within the idle timeout; the message
	 * lists them
	 * @throws IllegalStateException if this is called from inside a job
	 */
	public void awaitIdle() {
		requireOutsideOfJobs();
		this.idleWait.await();
	}

	/**
	 * Correct the wall clock, as an administrator or a time service does. No timer runs
	 * earlier or later by that; the scheduler sees it when it looks next.
	 * @param correction what to add; negative to set the clock back
	 */
	public void shiftWallClock(Duration correction) {
		this.timers.run(() -> this.origin = this.origin.plus(correction));
	}

	/**
	 * Correct the wall clock.
	 * @param instant what it shows from now on
	 * @see #shiftWallClock(Duration)
	 */
	public void setWallClock(Instant instant) {
		this.timers.run(() -> this.origin = instant.minusNanos(nanoTime()));
	}

	/**
	 * Give way to real time, for good: from here on the clock runs by itself, and a
	 * thread runs the timers that are left. A second call does nothing.
	 */
	public void continueInRealTime() {
		this.timers.continueInRealTime();
	}

	@Override
	public long nanoTime() {
		return this.timers.nanoTime();
	}

	@Override
	public Instant instant() {
		return this.origin.plusNanos(nanoTime());
	}

	@Override
	public Timer schedule(Runnable task, long delay) {
		return this.timers.add(task, delay);
	}

	@Override
	public void stop() {
		this.timers.clear();
	}

	private void move(Duration duration, Runnable afterEach) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("Time does not go back: " + duration);
		}
		requireOutsideOfJobs();
		this.advancing.lock();
		try {
			long target = nanoTime() + duration.toNanos();
			afterEach.run();
			for (Runnable task = next(target); task != null; task = next(target)) {
				task.run();
				afterEach.run();
			}
			this.timers.setNanoTime(target);
		}
		finally {
			this.advancing.unlock();
		}
	}

	private @Nullable Runnable next(long target) {
		return this.timers.poll(target);
	}

	private static void requireOutsideOfJobs() {
		JobContext.find().ifPresent((job) -> {
			throw new IllegalStateException(
					"The job '" + job.name() + "' cannot wait for all jobs to end, since it is one of them");
		});
	}

}
