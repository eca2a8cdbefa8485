package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.Admissions.State;

/**
 * The end of a scheduler: lets jobs finish within the bounds, cancels the rest, and
 * accounts for each. The steps stand in docs/concurrency.md.
 */
final class Drain implements Stopping {

	private static final String REASON = "shutdown";

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition progress = this.lock.newCondition();

	private final Admissions admissions;

	private final EngineClock clock;

	private final Bounds bounds;

	/** What has ended since the drain began. */
	private final Queue<DrainedRun> drained = new ConcurrentLinkedQueue<>();

	/** Runs from inside of which somebody waits for this drain. */
	private final Set<JobRun<?>> callers = ConcurrentHashMap.newKeySet();

	/** How many ends are told of by threads that wait for this drain. */
	private final AtomicInteger tellingCallers = new AtomicInteger();

	/** How many runs have left, or are about to, and do not show their end yet. */
	private final LongAdder settling = new LongAdder();

	/** Counts what may have changed the conditions that the drain waits for. */
	private long signals;

	private volatile long shieldDeadline;

	Drain(Admissions admissions, EngineClock clock, Bounds bounds) {
		this.admissions = admissions;
		this.clock = clock;
		this.bounds = bounds;
	}

	@Override
	public boolean isStopping() {
		return this.admissions.state().compareTo(State.DRAINING) >= 0;
	}

	@Override
	public boolean drops(JobRun<?> run, long due) {
		return isStopping() && !(run.isShielded() && due - this.shieldDeadline <= 0);
	}

	@Override
	public void ending() {
		this.settling.increment();
	}

	@Override
	public void ended(JobRun<?> run, int phase, long ran) {
		if (isStopping()) {
			this.drained.add(new DrainedRun(run, phase, ran));
		}
	}

	@Override
	public void published() {
		this.settling.decrement();
		left();
	}

	@Override
	public void left() {
		if (isStopping()) {
			signal();
		}
	}

	/**
	 * Do not wait for the jobs that the calling thread runs, nor for what it tells.
	 */
	void addCaller() {
		this.tellingCallers.addAndGet(Teller.depth());
		if (JobContextHolder.getContext() instanceof JobRun<?> run) {
			run.andOuter().forEach(this.callers::add);
		}
		signal();
	}

	/**
	 * Nobody waits for a drain.
	 */
	void forgetCallers() {
		this.callers.clear();
		this.tellingCallers.set(0);
	}

	/**
	 * Drain the venues.
	 * @param loops live background loops, which do not end by themselves
	 */
	ShutdownReport drain(Collection<? extends Venue> venues, Collection<LoopTask> loops) {
		long begin = this.clock.nanoTime();
		this.shieldDeadline = begin + this.bounds.shielded();
		this.drained.clear();
		this.admissions.state(State.DRAINING);
		// Not before: what ends from here on is in the report, what ended before is not.
		Instant beganAt = this.clock.instant();
		rejectBlocked(venues);
		finishWaiting(venues, loops, begin + this.bounds.waiting());
		this.admissions.state(State.CLOSING);
		rejectBlocked(venues);
		close(venues);
		this.admissions.state(State.CLOSED);
		List<JobRun<?>> live = live(venues);
		ShutdownReport report = DrainedRun.report(beganAt, this.clock.nanoTime() - begin, this.drained, live,
				this.callers, this.clock.nanoTime());
		this.drained.clear();
		forgetCallers();
		return report;
	}

	/**
	 * Let what is pending or running finish, and what that spawns.
	 */
	private void finishWaiting(Collection<? extends Venue> venues, Collection<LoopTask> loops, long deadline) {
		boolean[] loopsClosed = new boolean[1];
		await(() -> {
			dropDelayed(venues);
			if (!loopsClosed[0] && isQuiet(venues, loops.size()) && !isAnyParked(venues)) {
				// Only loops are left: what they were there for has been done.
				loopsClosed[0] = true;
				stop(venues, Drain::isLoop, false);
			}
			return isQuiet(venues) && !isAnyParked(venues);
		}, deadline);
	}

	/**
	 * Drop or cancel what is not shielded, wait for what is, and cancel that as well when
	 * its time is over.
	 */
	private void close(Collection<? extends Venue> venues) {
		stop(venues, (run) -> !run.isShielded(), false);
		long closeDeadline = this.clock.nanoTime() + this.bounds.closing();
		await(() -> !isAnyAlive(venues), this.shieldDeadline);
		if (isAnyAlive(venues)) {
			stop(venues, (run) -> true, true);
			closeDeadline = this.clock.nanoTime() + this.bounds.closing();
		}
		await(() -> isQuiet(venues), closeDeadline);
		// What was awaited longest has not told yet, perhaps.
		await(() -> isTold(venues), this.clock.nanoTime() + this.bounds.closing());
	}

	private void stop(Collection<? extends Venue> venues, Predicate<JobRun<?>> which, boolean override) {
		List<JobRun<?>> running = new ArrayList<>();
		for (JobRun<?> run : live(venues)) {
			// Before any place becomes free that they could take.
			if (which.test(run) && !this.callers.contains(run) && !Ending.dropPending(run, REASON, Teller.IN_TURN)) {
				running.add(run);
			}
		}
		running.forEach((run) -> Ending.stop(run, REASON, override, Teller.IN_TURN));
	}

	private void dropDelayed(Collection<? extends Venue> venues) {
		for (Venue venue : venues) {
			for (JobRun<?> run : venue.parked()) {
				Long due = run.timerDue();
				if (due != null && drops(run, due)) {
					Ending.dropPending(run, REASON, Teller.IN_TURN);
				}
			}
		}
	}

	private boolean isQuiet(Collection<? extends Venue> venues) {
		return isQuiet(venues, 0);
	}

	/**
	 * Whether nothing is on its way but those who wait for this drain, and loops.
	 * @param loops how many loops may go on
	 */
	private boolean isQuiet(Collection<? extends Venue> venues, int loops) {
		int busy = 0;
		for (Venue venue : venues) {
			busy += venue.busy();
		}
		if (busy > this.callers.size() + this.tellingCallers.get() + loops) {
			return false;
		}
		// Few enough to be looked at one by one.
		for (Venue venue : venues) {
			Set<JobRun<?>> parked = Set.copyOf(venue.parked());
			for (JobRun<?> run : venue.live()) {
				if (!parked.contains(run) && !this.callers.contains(run) && !(loops > 0 && isLoop(run))) {
					return false;
				}
			}
		}
		return isTold(venues);
	}

	/**
	 * Whether all who must know of an end do.
	 */
	private boolean isTold(Collection<? extends Venue> venues) {
		int telling = venues.stream().mapToInt(Venue::telling).sum();
		return telling <= this.tellingCallers.get() && this.settling.sum() == 0;
	}

	private static boolean isLoop(JobRun<?> run) {
		return run.kind() == JobKind.BACKGROUND;
	}

	private static boolean isAnyParked(Collection<? extends Venue> venues) {
		return venues.stream().anyMatch((venue) -> !venue.parked().isEmpty());
	}

	private boolean isAnyAlive(Collection<? extends Venue> venues) {
		return live(venues).stream().anyMatch((run) -> !Phase.isEnded(run.phase()) && !this.callers.contains(run));
	}

	private static List<JobRun<?>> live(Collection<? extends Venue> venues) {
		List<JobRun<?>> runs = new ArrayList<>();
		venues.forEach((venue) -> runs.addAll(venue.live()));
		return runs;
	}

	private static void rejectBlocked(Collection<? extends Venue> venues) {
		for (Venue venue : venues) {
			if (venue instanceof Pool pool) {
				pool.rejectBlocked(RejectionReason.SHUTTING_DOWN);
			}
		}
	}

	/**
	 * Wait until a condition holds or the time is over. Asked again whenever a run
	 * leaves.
	 */
	private void await(BooleanSupplier condition, long deadline) {
		EngineClock.Timer timer = this.clock.schedule(this::signal, Math.max(0, deadline - this.clock.nanoTime()));
		boolean interrupted = false;
		try {
			long seen = signals();
			while (!condition.getAsBoolean()) {
				long remaining = deadline - this.clock.nanoTime();
				if (remaining <= 0) {
					return;
				}
				interrupted |= awaitSignal(seen, remaining);
				seen = signals();
			}
		}
		finally {
			timer.cancel();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void signal() {
		this.lock.lock();
		try {
			this.signals++;
			this.progress.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private long signals() {
		this.lock.lock();
		try {
			return this.signals;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for a signal that was not seen. An interrupt does not end the drain: its
	 * bounds do.
	 * @return whether the thread was interrupted
	 */
	private boolean awaitSignal(long seen, long nanos) {
		this.lock.lock();
		try {
			long remaining = nanos;
			while (this.signals == seen && remaining > 0) {
				remaining = this.progress.awaitNanos(remaining);
			}
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How long the steps may take, in nanoseconds; the first two from the begin.
	 *
	 * @param waiting how long jobs may finish
	 * @param shielded how long shielded jobs may finish
	 * @param closing how long interrupted bodies may take to leave
	 */
	record Bounds(long waiting, long shielded, long closing) {
	}

}
