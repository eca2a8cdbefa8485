package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.engine.TickPlan.Reached;

/**
 * A periodic job: decides for each tick whether it runs, waits or is skipped. Guarded by
 * its monitor, within which the lock of its venue may be taken, but never the other way
 * round.
 */
final class PeriodicRegistration implements PeriodicJobHandle {

	private final PeriodicRegistry registry;

	private final Surroundings engine;

	private final JobBody<?> body;

	private final Venue venue;

	private final TickLedger ledger;

	private final Ticker ticker;

	private volatile PeriodicJobSpec spec;

	/** Runs that have not left. */
	private final Set<JobRun<?>> running = new LinkedHashSet<>();

	/** The one run that waits for the others to leave. */
	private @Nullable JobRun<?> waiting;

	/** When the missed ticks were due that run one after the other. */
	private final Deque<Long> owed = new ArrayDeque<>();

	private boolean paused;

	private boolean removed;

	private volatile @Nullable JobRun<?> lastRun;

	private volatile long lastStart;

	private volatile long lastEnd;

	private volatile @Nullable Instant lastEndAt;

	PeriodicRegistration(PeriodicRegistry registry, PeriodicJobSpec spec, JobBody<?> body, TickPlan plan) {
		this.registry = registry;
		this.engine = registry.engine();
		this.spec = spec;
		this.body = body;
		this.paused = spec.isPaused();
		this.venue = registry.venue(spec);
		this.ledger = new TickLedger(spec.name(), this.engine.turns());
		this.ticker = new Ticker(this.engine.clock(), this, plan);
	}

	@Override
	public String name() {
		return this.spec.name();
	}

	@Override
	public PeriodicJobSpec spec() {
		return this.spec;
	}

	@Override
	public void pause() {
		int dropped;
		synchronized (this) {
			this.paused = true;
			dropped = clearOwed();
		}
		this.ledger.add(TickResult.PAUSED, dropped);
	}

	@Override
	public synchronized void resume() {
		this.paused = false;
	}

	@Override
	public synchronized boolean isPaused() {
		return this.paused;
	}

	@Override
	public Job<?> trigger() {
		JobRun<?> run = newRun(new TickRun(this, false, 0));
		boolean behind;
		synchronized (this) {
			if (this.removed) {
				throw new IllegalStateException("The periodic job '" + name() + "' has been removed");
			}
			behind = !mayStart();
			RejectionReason refusal = behind ? queueBehind(run, Entry.RESERVED) : null;
			if (refusal != null) {
				throw this.registry.rejected(refusal, this.venue, run);
			}
			if (!behind) {
				this.running.add(run);
			}
		}
		if (behind) {
			cancelRunning();
			return run;
		}
		try {
			this.registry.admit(this.venue, run);
		}
		catch (RuntimeException ex) {
			left(run);
			throw ex;
		}
		return run;
	}

	@Override
	public void reschedule(JobSchedule schedule) {
		PeriodicJobSpec changed = this.spec.schedule(schedule);
		TickPlan plan = this.registry.plan(changed);
		int dropped;
		synchronized (this) {
			this.spec = changed;
			dropped = clearOwed();
		}
		this.ledger.add(TickResult.CANCELLED, dropped);
		this.ticker.replace(plan, PeriodicRegistry.interval(schedule));
	}

	@Override
	public void remove() {
		this.registry.remove(this);
		this.ticker.stop();
		JobRun<?> dropped;
		int owedTicks;
		synchronized (this) {
			this.removed = true;
			dropped = this.waiting;
			owedTicks = clearOwed();
		}
		this.ledger.add(TickResult.CANCELLED, owedTicks);
		if (dropped != null) {
			Ending.dropPending(dropped, "the periodic job was removed");
		}
	}

	@Override
	public @Nullable Instant nextRun() {
		return this.ticker.next();
	}

	@Override
	public @Nullable Job<?> lastRun() {
		return this.lastRun;
	}

	@Override
	public Map<TickResult, Long> ticks() {
		return this.ledger.counts();
	}

	@Override
	public String toString() {
		return "PeriodicJob[" + name() + ", " + this.spec.schedule() + "]";
	}

	void startTicking() {
		if (this.spec.isEnabled()) {
			this.ticker.start((this.spec.initialDelay() != null) ? Waiting.nanos(this.spec.initialDelay()) : -1);
		}
	}

	void stopTicking() {
		this.ticker.stop();
		int dropped;
		synchronized (this) {
			dropped = clearOwed();
		}
		this.ledger.add(TickResult.STOPPING, dropped);
	}

	/**
	 * The clock has reached one or more instants. Runs on the clock's thread.
	 */
	void ticked(Reached reached, long now) {
		MissedRunPolicy missed = this.spec.missed();
		boolean skipsAll = reached.count() > 1 && missed == MissedRunPolicy.SKIP;
		int run = skipsAll ? 0 : (missed == MissedRunPolicy.CATCH_UP) ? reached.late().size() : 1;
		this.ledger.add(TickResult.MISSED, reached.count() - run);
		boolean follows = false;
		int first = reached.late().size() - run;
		for (int i = first; i < reached.late().size(); i++) {
			follows |= tick(now - reached.late().get(i), i > first);
		}
		if (!follows && this.ticker.waitsForRun()) {
			// A trigger of the application may be asked, which is not for this thread.
			this.engine.couriers().send(this.ticker::proceed);
		}
	}

	TickLedger ledger() {
		return this.ledger;
	}

	MissedRunPolicy missedPolicy() {
		return this.spec.missed();
	}

	int keptOfMissed() {
		return (this.spec.missed() == MissedRunPolicy.CATCH_UP) ? this.spec.catchUpLimit() : 1;
	}

	boolean hasRun() {
		return this.lastRun != null;
	}

	long lastStart() {
		return this.lastStart;
	}

	long lastEnd() {
		return this.lastEnd;
	}

	@Nullable Instant lastStartAt() {
		JobRun<?> run = this.lastRun;
		return (run != null) ? run.startedAt() : null;
	}

	@Nullable Instant lastEndAt() {
		return this.lastEndAt;
	}

	void started(JobRun<?> run) {
		this.lastStart = this.engine.clock().nanoTime();
		this.lastRun = run;
	}

	Executor executor() {
		Executor executor = this.spec.executor();
		if (executor == null) {
			throw new IllegalStateException("The periodic job '" + name() + "' has no executor");
		}
		return executor;
	}

	/**
	 * The executor refused a run, which is withdrawn.
	 * @param gone whether the executor has been shut down, and the job with it
	 */
	void refused(JobRun<?> run, TickRun tickRun, boolean gone) {
		tickRun.result(gone ? TickResult.EXECUTOR_GONE : TickResult.POOL_FULL);
		if (gone) {
			remove();
			this.registry.executorGone(this);
		}
		Ending.settleWithdrawn(run, gone ? "the executor has been shut down" : "the executor refused the run");
	}

	/**
	 * A run has left: let the next one go.
	 */
	void left(JobRun<?> run, TickRun tickRun) {
		if (run.attempts() > 0) {
			this.lastEnd = this.engine.clock().nanoTime();
			this.lastEndAt = this.engine.clock().instant();
		}
		left(run);
		if (tickRun.isTick()) {
			this.ticker.proceed();
		}
	}

	private void left(JobRun<?> run) {
		JobRun<?> next = null;
		Long nextOwed = null;
		synchronized (this) {
			this.running.remove(run);
			if (this.waiting == run) {
				this.waiting = null;
			}
			if (this.running.isEmpty() && this.waiting != null) {
				next = this.waiting;
				this.waiting = null;
				this.running.add(next);
			}
			else if (this.running.isEmpty()) {
				nextOwed = this.owed.poll();
			}
		}
		if (next != null) {
			this.venue.due(next);
		}
		else if (nextOwed != null) {
			tick(nextOwed, false);
		}
	}

	/**
	 * Deal with one instant.
	 * @param due when it was due
	 * @param follow whether it may wait for the missed one before it
	 * @return whether a run was started or waits
	 */
	private boolean tick(long due, boolean follow) {
		TickRun tickRun = new TickRun(this, true, due);
		JobRun<?> run = newRun(tickRun);
		boolean cancels = false;
		synchronized (this) {
			TickResult result = null;
			if (this.removed) {
				result = TickResult.CANCELLED;
			}
			else if (this.paused) {
				result = TickResult.PAUSED;
			}
			else if (mayStart()) {
				this.running.add(run);
				RejectionReason refusal = this.registry.admitTick(this.venue, run, overlap());
				if (refusal != null) {
					this.running.remove(run);
					result = (refusal == RejectionReason.FULL) ? TickResult.POOL_FULL : TickResult.STOPPING;
				}
			}
			else if (follow) {
				this.owed.add(due);
				return true;
			}
			else if (queueBehind(run, Entry.BEHIND) != null) {
				result = TickResult.OVERLAP;
			}
			else {
				cancels = true;
			}
			if (result != null) {
				tickRun.result(result);
				return false;
			}
		}
		if (cancels) {
			this.engine.couriers().send(this::cancelRunning);
		}
		else {
			this.registry.bring(this.venue, run);
		}
		return true;
	}

	private boolean mayStart() {
		return this.spec.overlap() == OverlapPolicy.CONCURRENT || (this.running.isEmpty() && this.waiting == null);
	}

	private OverlapPolicy overlap() {
		return this.spec.overlap();
	}

	/**
	 * Let a run wait for the others to leave.
	 * @return {@code null} if it waits, or else why not
	 */
	private @Nullable RejectionReason queueBehind(JobRun<?> run, Entry entry) {
		if (this.spec.overlap() == OverlapPolicy.SKIP || this.waiting != null) {
			return RejectionReason.OVERLAP;
		}
		RejectionReason refusal = this.registry.admitBehind(this.venue, run, entry);
		if (refusal == null) {
			this.waiting = run;
		}
		return refusal;
	}

	private void cancelRunning() {
		List<JobRun<?>> cancelled = List.of();
		synchronized (this) {
			if (this.spec.overlap() == OverlapPolicy.CANCEL_RUNNING) {
				cancelled = List.copyOf(this.running);
			}
		}
		for (JobRun<?> run : cancelled) {
			if (!run.isShielded()) {
				Ending.cancel(run, "overtaken by the next run");
			}
		}
	}

	private int clearOwed() {
		int count = this.owed.size();
		this.owed.clear();
		return count;
	}

	private JobRun<?> newRun(TickRun tickRun) {
		JobRun<?> run = new JobRun<>(this.engine, this.venue, JobKind.PERIODIC, name(), this.spec.run(), this.body);
		run.extras().owner = tickRun;
		return run;
	}

}
