package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.Admissions.State;

/**
 * The end of a scheduler, as its runs and those who stop it see it: what has ended
 * meanwhile, and who waits for it. The steps are {@link DrainSteps}.
 */
final class Drain implements Stopping {

	/** Why a shutdown cancels. */
	static final String REASON = "shutdown";

	private final Admissions admissions;

	private final EngineClock clock;

	private final Bounds bounds;

	/** What may have changed the conditions that a drain waits for. */
	private final Changes changes = new Changes();

	/** What has ended since the drain began. A new one for each, set before it begins. */
	private Queue<DrainedRun> drained = new ConcurrentLinkedQueue<>();

	/** Runs from inside of which somebody waits for this drain. */
	private final Set<JobRun<?>> callers = ConcurrentHashMap.newKeySet();

	/** How many ends are told of by threads that wait for this drain. */
	private final AtomicInteger tellingCallers = new AtomicInteger();

	/** How many runs ever were about to end; counted before they leave their venue. */
	private final LongAdder endings = new LongAdder();

	/** How many of them show their end. */
	private final LongAdder ends = new LongAdder();

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
		this.endings.increment();
	}

	@Override
	public void ended(JobRun<?> run, int phase, boolean withdrawn, long ran) {
		if (isStopping()) {
			this.drained.add(new DrainedRun(run, phase, withdrawn, ran));
		}
	}

	@Override
	public void published() {
		this.ends.increment();
		left();
	}

	@Override
	public void left() {
		if (isStopping()) {
			this.changes.signal();
		}
	}

	/**
	 * Do not wait for the jobs that the calling thread runs, nor for what it tells.
	 */
	void addCaller() {
		this.tellingCallers.addAndGet(Teller.depth());
		// A job of another scheduler is waited for by that one.
		if (JobContextHolder.getContext() instanceof JobRun<?> run && run.engine().stopping() == this) {
			addCaller(run);
		}
		this.changes.signal();
	}

	/**
	 * Do not wait for a job whose thread waits for the drain.
	 */
	void addCaller(JobRun<?> run) {
		run.andOuter().forEach(this.callers::add);
	}

	/**
	 * Add the jobs whose threads wait for the end of a caller, directly or through
	 * others.
	 */
	void addAwaiting(Collection<JobRun<?>> live) {
		boolean found;
		do {
			Set<Thread> waiting = new HashSet<>();
			this.callers.forEach((caller) -> Waiting.addThreads(caller, waiting));
			List<JobRun<?>> awaiting = live.stream()
				.filter((run) -> run.runner() != null && waiting.contains(run.runner()) && !isCaller(run))
				.toList();
			awaiting.forEach(this::addCaller);
			found = !awaiting.isEmpty();
		}
		while (found);
	}

	boolean hasCallers() {
		return !this.callers.isEmpty();
	}

	boolean isCaller(JobRun<?> run) {
		// Asked of each pending run, while mostly there is no caller.
		return hasCallers() && this.callers.contains(run);
	}

	/**
	 * Return how many jobs and tellers cannot be waited for, because they wait.
	 */
	int callers() {
		return this.callers.size() + tellingCallers();
	}

	int tellingCallers() {
		return this.tellingCallers.get();
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
		this.drained = new ConcurrentLinkedQueue<>();
		this.admissions.state(State.DRAINING);
		// Not before: what ends from here on is in the report, what ended before is not.
		Instant beganAt = this.clock.instant();
		List<JobRun<?>> live = new DrainSteps(this, this.admissions, this.clock, this.bounds, venues, loops)
			.take(begin);
		long now = this.clock.nanoTime();
		ShutdownReport report = DrainedRun.report(beganAt, now - begin, this.drained, live, this.callers, now);
		this.drained = new ConcurrentLinkedQueue<>();
		return report;
	}

	Changes changes() {
		return this.changes;
	}

	/**
	 * Whether each run that has left shows its end.
	 */
	boolean isSettled() {
		// Read first, so that a run that ends meanwhile counts as not settled
		long shown = this.ends.sum();
		return shown == this.endings.sum();
	}

	long endings() {
		return this.endings.sum();
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
