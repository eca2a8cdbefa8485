package io.backgroundjobs.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

/**
 * The runs of one periodic job: which of them starts, which waits, and which is none.
 * Guarded by its monitor, within which the lock of the job's venue may be taken, but
 * never the other way round.
 */
final class PeriodicRuns {

	private final PeriodicRegistry registry;

	private final Surroundings engine;

	private final PeriodicRegistration job;

	private final Venue venue;

	private final Overdue overdue;

	private final RunningRuns running = new RunningRuns();

	/** The one run that waits for the others to leave. */
	private @Nullable TickRun waiting;

	/** Missed ticks that run one after the other. */
	private final Deque<Tick> owed = new ArrayDeque<>(0);

	private boolean paused;

	private @Nullable PauseNote pauseNote;

	/** Whether a tick has fallen into the current run. */
	private boolean overlapped;

	/** How many runs in a row a tick has fallen into. */
	private int overlappedRuns;

	/** Made when it is needed: there may be very many jobs. */
	private Diagnosis.@Nullable RateLimit overlapWarnings;

	private volatile boolean removed;

	PeriodicRuns(PeriodicRegistry registry, PeriodicRegistration job, PeriodicJobSpec spec) {
		this.registry = registry;
		this.engine = registry.engine();
		this.job = job;
		this.venue = registry.venue(spec);
		this.overdue = new Overdue(job);
		this.paused = spec.isPaused();
	}

	boolean isRemoved() {
		return this.removed;
	}

	/**
	 * Whether a run waits for a place, or for an earlier run.
	 */
	synchronized boolean isAboutToStart() {
		return this.waiting != null || this.running.all().stream().anyMatch((run) -> !run.isAccountedFor());
	}

	synchronized boolean isPaused() {
		return this.paused;
	}

	/**
	 * Whether no run can start, because the pool is paused.
	 */
	boolean isPoolPaused() {
		return this.venue instanceof Pool pool && pool.snapshot().paused();
	}

	synchronized @Nullable PauseNote pauseNote() {
		return this.pauseNote;
	}

	synchronized void resume(PauseNote note) {
		this.paused = false;
		this.pauseNote = note;
	}

	void pause(PauseNote note) {
		List<TickRun> live;
		synchronized (this) {
			this.paused = true;
			this.pauseNote = note;
			this.overdue.forget();
			live = this.running.all();
			if (this.waiting != null) {
				live.add(this.waiting);
			}
		}
		dropOwed(TickResult.PAUSED);
		live.forEach(this::dropPausedTick);
	}

	/**
	 * Let no run in any more, and drop the one that waits for others.
	 * @return whether that had not been done before
	 */
	boolean remove() {
		TickRun dropped;
		synchronized (this) {
			if (this.removed) {
				return false;
			}
			this.removed = true;
			dropped = this.waiting;
		}
		dropOwed(TickResult.CANCELLED);
		if (dropped != null) {
			Ending.dropPending(dropped, "the periodic job was removed");
		}
		return true;
	}

	/**
	 * Let the missed ticks go that have not had their turn.
	 */
	void dropOwed(TickResult result) {
		int count;
		synchronized (this) {
			count = this.owed.size();
			this.owed.clear();
		}
		this.job.ledger().add(result, count);
	}

	synchronized long overdue(long now) {
		return this.overdue.since(now);
	}

	synchronized void excuse() {
		this.overdue.forget();
	}

	synchronized void excuse(TickRun tick) {
		this.overdue.forget(tick.due());
	}

	/**
	 * Run now, although no tick is due.
	 */
	Job<?> trigger() {
		TickRun run = new TickRun(this.venue, this.job, null, 0);
		RejectionReason refusal = null;
		boolean behind;
		synchronized (this) {
			if (this.removed) {
				throw new IllegalStateException("The periodic job '" + this.job.name() + "' has been removed");
			}
			behind = !mayStart();
			if (behind) {
				refusal = queueBehind(run, Entry.BEHIND_WITH_ROOM);
			}
			else {
				this.running.add(run);
			}
		}
		if (refusal != null) {
			boolean stopping = this.engine.stopping().isStopping();
			throw this.registry.rejected(stopping ? RejectionReason.SHUTTING_DOWN : refusal, this.venue, run);
		}
		if (!behind) {
			admit(run);
		}
		if (isOvertaken()) {
			cancelRunning();
		}
		return run;
	}

	/**
	 * Deal with instants: with each one after the first when the run of the one before
	 * has left. Calls no code of the user.
	 * @return whether a run was started or waits
	 */
	boolean tick(Deque<Tick> due) {
		for (Tick tick = due.poll(); tick != null; tick = due.poll()) {
			if (tick(tick.plan(), tick.due(), due)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Deal with an instant. Calls no code of the user.
	 * @param plan what named it
	 * @param due when it was due; nanoseconds of the clock
	 * @return whether a run was started or waits
	 */
	boolean tick(TickPlan plan, long due) {
		return tick(plan, due, null);
	}

	private boolean tick(TickPlan plan, long due, @Nullable Deque<Tick> behind) {
		TickRun run = new TickRun(this.venue, this.job, plan, due);
		TickResult result;
		boolean waits;
		synchronized (this) {
			result = decide(run);
			waits = this.waiting == run;
			if (result == null && behind != null) {
				this.owed.addAll(behind);
			}
		}
		if (result != null) {
			run.accountFor(result);
			return false;
		}
		goOn(run, waits);
		return true;
	}

	/**
	 * A run has left: let the next one go.
	 */
	void left(TickRun run) {
		TickRun next = null;
		Deque<Tick> due = null;
		boolean warns;
		synchronized (this) {
			warns = this.running.remove(run) && isOverlapToldOf();
			if (this.waiting == run) {
				this.waiting = null;
			}
			if (this.running.isEmpty() && this.waiting != null) {
				next = this.waiting;
				this.waiting = null;
				this.running.add(next);
			}
			else if (!this.owed.isEmpty() && mayStart()) {
				due = new ArrayDeque<>(this.owed);
				this.owed.clear();
			}
		}
		if (warns) {
			this.engine.diagnosis().overlapped(this.job, run.ran(this.engine.clock().nanoTime()));
		}
		if (next != null) {
			this.venue.due(next);
		}
		else if (due != null) {
			tick(due);
		}
	}

	/**
	 * Let a tick's run in, if there is nothing against it. Called with the monitor held.
	 * @return what became of the tick, or {@code null} if its run starts or waits
	 */
	private @Nullable TickResult decide(TickRun run) {
		if (this.removed) {
			return TickResult.CANCELLED;
		}
		if (this.paused) {
			return TickResult.PAUSED;
		}
		if (!this.registry.isTicking()) {
			return TickResult.STOPPING;
		}
		this.overdue.reached(run.due());
		boolean starts = mayStart();
		this.overlapped |= !starts;
		RejectionReason refusal = starts ? this.registry.admitTick(this.venue, run, overlap())
				: queueBehind(run, Entry.BEHIND);
		if (refusal != null) {
			return switch (refusal) {
				case OVERLAP -> TickResult.OVERLAP;
				case FULL -> TickResult.POOL_FULL;
				default -> TickResult.STOPPING;
			};
		}
		if (starts) {
			this.running.add(run);
		}
		return null;
	}

	/**
	 * Whether to warn that runs take longer than the schedule allows. Called once for
	 * each, with the monitor held.
	 */
	private boolean isOverlapToldOf() {
		this.overlappedRuns = this.overlapped ? this.overlappedRuns + 1 : 0;
		this.overlapped = false;
		if (this.overlappedRuns < Diagnosis.OVERLAPPED_RUNS) {
			return false;
		}
		if (this.overlapWarnings == null) {
			this.overlapWarnings = new Diagnosis.RateLimit(1);
		}
		return this.overlapWarnings.permits(this.engine.clock().nanoTime());
	}

	private void goOn(TickRun run, boolean waits) {
		if (!waits) {
			this.registry.bring(this.venue, run);
		}
		else if (overlap() == OverlapPolicy.CANCEL_RUNNING) {
			this.engine.couriers().send(this::cancelRunning);
		}
	}

	private void admit(TickRun run) {
		try {
			this.registry.admit(this.venue, run);
		}
		catch (RuntimeException ex) {
			left(run);
			throw ex;
		}
	}

	private boolean mayStart() {
		return overlap() == OverlapPolicy.CONCURRENT || (this.running.isEmpty() && this.waiting == null);
	}

	private OverlapPolicy overlap() {
		return this.job.spec().overlap();
	}

	/**
	 * Let a run wait for the others to leave.
	 * @return {@code null} if it waits, or else why not
	 */
	private @Nullable RejectionReason queueBehind(TickRun run, Entry entry) {
		if (overlap() == OverlapPolicy.SKIP || this.waiting != null) {
			return RejectionReason.OVERLAP;
		}
		RejectionReason refusal = this.registry.admitBehind(this.venue, run, entry);
		if (refusal == null) {
			this.waiting = run;
		}
		return refusal;
	}

	/**
	 * Whether a run waits that cancels the others. One of them may have come in only
	 * after that.
	 */
	private synchronized boolean isOvertaken() {
		return this.waiting != null && overlap() == OverlapPolicy.CANCEL_RUNNING;
	}

	private void cancelRunning() {
		List<TickRun> overtaken;
		synchronized (this) {
			overtaken = this.running.all();
		}
		for (TickRun run : overtaken) {
			// One that is not admitted yet looks for itself whether it is overtaken.
			if (!run.isShielded() && run.phase() != Phase.NEW) {
				Ending.cancel(run, "overtaken by the next run");
			}
		}
	}

	/**
	 * Drop a run that waits for a place or for an earlier run, if it is a tick's.
	 */
	private void dropPausedTick(TickRun run) {
		if (run.attempts() == 0 && run.isOfTick() && this.venue.withdraw(run)) {
			run.accountFor(TickResult.PAUSED);
			Ending.settleWithdrawn(run, "the periodic job was paused");
		}
	}

}
