package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

/**
 * A periodic job whose ticks are run by one instance each: what this instance knows of
 * it, and what it does when it gets one. Guarded by its monitor; what may block is called
 * outside of it.
 */
final class ClusterRegistration implements RegisteredJob, ClusterWork {

	private final PeriodicRegistry registry;

	private final EngineClock clock;

	private final JobBody<?> body;

	private final ClusterLedger ledger;

	private final ClusterAlarm alarm;

	private final ClusterJobs cluster;

	private volatile @Nullable ClusterSeat seat;

	private volatile PeriodicJobSpec spec;

	private volatile ClusterPlan plan;

	/** The plan by which the last tick was carried out here. */
	private volatile @Nullable ClusterPlan carriedBy;

	private boolean ticking;

	private boolean paused;

	private boolean removed;

	private @Nullable PauseNote pauseNote;

	private @Nullable Instant resumedAt;

	/** Where the job stood when it was last looked at. */
	private @Nullable Instant due;

	private @Nullable String runningOn;

	private @Nullable Job<?> lastRun;

	/** Set while a run of this instance has not left. */
	private boolean running;

	private int failures;

	ClusterRegistration(PeriodicRegistry registry, PeriodicJobSpec spec, JobBody<?> body, ClusterPlan plan,
			ClusterJobs cluster) {
		this.registry = registry;
		this.clock = registry.engine().clock();
		this.spec = spec;
		this.body = body;
		this.plan = plan;
		this.paused = spec.isPaused();
		this.ledger = new ClusterLedger(new TickLedger(spec.name(), registry.engine().turns()));
		this.cluster = cluster;
		this.alarm = new ClusterAlarm(this.clock, () -> this.plan, () -> seat().look());
	}

	@Override
	public String name() {
		return this.spec.name();
	}

	@Override
	public PeriodicJobSpec spec() {
		return this.spec;
	}

	/**
	 * Take part only now: a job that is refused must not take another one's ticks.
	 */
	@Override
	public void named() {
		this.seat = this.cluster.join(this);
	}

	private ClusterSeat seat() {
		return Objects.requireNonNull(this.seat);
	}

	@Override
	public String pool() {
		return this.registry.venue(this.spec).name();
	}

	@Override
	public int priority() {
		return this.spec.run().priority();
	}

	@Override
	public void pause(@Nullable String by, @Nullable String text) {
		synchronized (this) {
			this.paused = true;
			this.pauseNote = new PauseNote(true, this.clock.instant(), by, text);
		}
		attend();
	}

	@Override
	public void resume(@Nullable String by, @Nullable String text) {
		synchronized (this) {
			Instant now = this.clock.instant();
			this.resumedAt = this.paused ? now : this.resumedAt;
			this.paused = false;
			this.pauseNote = new PauseNote(false, now, by, text);
		}
		attend();
	}

	@Override
	public synchronized boolean isPaused() {
		return this.paused;
	}

	@Override
	public synchronized @Nullable PauseNote pauseNote() {
		return this.pauseNote;
	}

	@Override
	public Job<?> trigger() {
		synchronized (this) {
			if (this.removed) {
				throw new IllegalStateException("The periodic job '" + name() + "' has been removed");
			}
			if (this.running) {
				throw this.registry.rejected(RejectionReason.OVERLAP, this.registry.venue(this.spec), name());
			}
		}
		ClusterSeat.Hold hold = seat().hold();
		if (hold == null) {
			throw this.registry.rejected(RejectionReason.HELD_ELSEWHERE, this.registry.venue(this.spec), name());
		}
		begin();
		ClusterRun run = new ClusterRun(this, this.body, null, this.clock.instant(), () -> {
			// nobody waits for it
		}, (departure) -> {
			left(departure);
			// Blocks, and is told by whatever thread the run has left.
			this.registry.engine().couriers().send(() -> hold.end(this.plan.afterRun(this.clock.instant())));
		});
		try {
			return this.registry.admit(run);
		}
		catch (RuntimeException ex) {
			left(new Departure.HandedBack());
			hold.end(null);
			throw ex;
		}
	}

	@Override
	public void reschedule(JobSchedule schedule) {
		PeriodicJobSpec changed = this.spec.schedule(schedule);
		ClusterPlan changedPlan = this.registry.clusterPlan(changed);
		synchronized (this) {
			this.spec = changed;
			this.plan = changedPlan;
			if (this.ticking) {
				this.alarm.set();
			}
		}
		seat().reschedule();
	}

	@Override
	public void remove() {
		synchronized (this) {
			if (this.removed) {
				return;
			}
			this.removed = true;
			this.ticking = false;
			this.alarm.cancel();
			seat().leave();
		}
		this.registry.remove(this);
	}

	@Override
	public synchronized @Nullable Instant nextRun() {
		if (!this.ticking) {
			return null;
		}
		Instant next = this.plan.after(this.clock.instant());
		return (next != null) ? next : this.due;
	}

	@Override
	public List<Instant> nextRuns(int count) {
		List<Instant> instants = new ArrayList<>();
		Instant next = nextRun();
		while (next != null && instants.size() < count) {
			instants.add(next);
			next = this.plan.after(next);
		}
		return instants;
	}

	@Override
	public synchronized @Nullable Job<?> lastRun() {
		return this.lastRun;
	}

	@Override
	public synchronized @Nullable Instant overdueSince() {
		boolean waits = this.ticking && !this.paused && this.runningOn == null && this.due != null
				&& this.due.isBefore(this.clock.instant());
		return waits ? this.due : null;
	}

	@Override
	public synchronized int failuresInARow() {
		return this.failures;
	}

	@Override
	public Map<TickResult, Long> ticks() {
		return this.ledger.counts();
	}

	@Override
	public String toString() {
		return "PeriodicJob[" + name() + ", " + this.spec.schedule() + ", CLUSTER]";
	}

	@Override
	public void startTicking() {
		synchronized (this) {
			if (!this.spec.isEnabled() || this.removed) {
				return;
			}
			this.ticking = true;
			this.ledger.begin();
			this.alarm.set();
		}
		attend();
		seat().look();
	}

	@Override
	public void stopTicking() {
		synchronized (this) {
			this.ticking = false;
			this.alarm.cancel();
		}
		attend();
	}

	@Override
	public Instant first() {
		Duration initialDelay = this.spec.initialDelay();
		Instant from = this.clock.instant().plus((initialDelay != null) ? initialDelay : Duration.ZERO);
		Instant next = this.plan.after(from.minusNanos(1));
		return (next != null) ? next : from;
	}

	@Override
	public Instant due(Instant left) {
		Instant now = this.clock.instant();
		if (!left.isAfter(now)) {
			return left;
		}
		Instant latest = this.plan.afterRun(now);
		if (latest != null) {
			return left.isAfter(latest) ? latest : left;
		}
		Instant named = this.plan.after(left.minusNanos(1));
		return left.equals(named) ? left : first();
	}

	@Override
	public @Nullable ClusterStep carry(ClusterPosition position, Runnable started) throws InterruptedException {
		Instant resumed;
		synchronized (this) {
			resumed = this.resumedAt;
		}
		this.carriedBy = this.plan;
		try {
			return new ClusterTicks(this.spec, this.plan, this.clock, (tick) -> run(tick, started)).take(position,
					resumed);
		}
		finally {
			// There may have been no run.
			started.run();
		}
	}

	private @Nullable TickResult run(Instant tick, Runnable started) throws InterruptedException {
		begin();
		ClusterRun run = new ClusterRun(this, this.body, tick, this.clock.instant(), started, this::left);
		boolean carried = false;
		try {
			carried = this.registry.carry(run);
		}
		finally {
			if (!carried) {
				left(new Departure.HandedBack());
			}
		}
		if (!carried) {
			return null;
		}
		if (run.await() instanceof Departure.HandedBack) {
			return null;
		}
		return run.hasStarted() ? TickResult.RAN : TickResult.CANCELLED;
	}

	@Override
	public void accounted(ClusterPosition position, ClusterStep step) {
		Instant after = step.next().after();
		synchronized (this) {
			this.due = step.next().due();
			this.runningOn = null;
		}
		this.alarm.seen(step.next().due());
		this.ledger.accounted(position.due(), (after != null) ? after : step.next().due(), step.results(), this.plan);
		if (this.plan != this.carriedBy) {
			// Changed while the row could not be.
			seat().reschedule();
		}
	}

	@Override
	public void stands(Instant instant, @Nullable String instance) {
		boolean counts;
		synchronized (this) {
			this.due = instant;
			this.runningOn = instance;
			counts = this.ticking;
		}
		this.alarm.seen(instant);
		if (counts) {
			this.ledger.reached(instant, this.plan);
		}
	}

	private synchronized void begin() {
		this.running = true;
	}

	synchronized void started(Job<?> job) {
		this.lastRun = job;
	}

	private synchronized void left(Departure departure) {
		this.running = false;
		if (departure instanceof Departure.Ended ended) {
			boolean failed = ended.outcome() == JobOutcome.FAILED || ended.outcome() == JobOutcome.TIMED_OUT;
			this.failures = failed ? this.failures + 1 : (ended.outcome() == JobOutcome.SUCCEEDED) ? 0 : this.failures;
		}
	}

	/**
	 * Say whether this instance takes part, in the order in which that changes.
	 */
	private synchronized void attend() {
		seat().attend(this.ticking && !this.paused && !this.removed);
	}

}
