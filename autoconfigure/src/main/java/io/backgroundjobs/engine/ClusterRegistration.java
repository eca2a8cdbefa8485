package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
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

	/**
	 * A wait for the wall clock is cut into pieces, so that a corrected clock is seen.
	 */
	private static final Duration PIECE = Duration.ofSeconds(60);

	/** How often is looked where a job stands whose instants are not known in advance. */
	private static final Duration LOOK = Duration.ofSeconds(10);

	/** Less than this before a resumption counts as due when it came. */
	private static final Duration JUST_NOW = Duration.ofSeconds(1);

	private final PeriodicRegistry registry;

	private final EngineClock clock;

	private final JobBody<?> body;

	private final TickLedger ledger;

	private final ClusterSeat seat;

	private volatile PeriodicJobSpec spec;

	private volatile ClusterPlan plan;

	private boolean ticking;

	private boolean paused;

	private boolean removed;

	private @Nullable PauseNote pauseNote;

	private @Nullable Instant resumedAt;

	/** All instants before it have a result here. */
	private @Nullable Instant frontier;

	/** Where the job stood when it was last looked at. */
	private @Nullable Instant due;

	private @Nullable String runningOn;

	private @Nullable Instant nextAlarm;

	private EngineClock.@Nullable Timer timer;

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
		this.ledger = new TickLedger(spec.name(), registry.engine().turns());
		this.seat = cluster.join(this);
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
	public String pool() {
		return this.registry.venue(this.spec).name();
	}

	@Override
	public int priority() {
		return this.spec.run().priority();
	}

	@Override
	public void pause() {
		pause(null, null);
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
	public void resume() {
		resume(null, null);
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
		ClusterSeat.Hold hold = this.seat.hold();
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
				arm();
			}
		}
		this.seat.reschedule();
	}

	@Override
	public void remove() {
		synchronized (this) {
			if (this.removed) {
				return;
			}
			this.removed = true;
			this.ticking = false;
			disarm();
		}
		this.seat.leave();
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
			// What came while nobody here counted is none of this instance's.
			this.frontier = null;
			arm();
		}
		attend();
		this.seat.look();
	}

	@Override
	public void stopTicking() {
		synchronized (this) {
			this.ticking = false;
			disarm();
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
		Instant now = this.clock.instant();
		Map<TickResult, Long> results = new EnumMap<>(TickResult.class);
		Instant skippedTo = madeUpByNobody(position, results);
		if (skippedTo != null) {
			started.run();
			return new ClusterStep(new ClusterPosition(skippedTo, null), results);
		}
		ClusterPlan.Span span = come(position, now);
		int runs = runs(span, position);
		count(results, TickResult.MISSED, span.count() - runs);
		if (runs == 0) {
			started.run();
			return new ClusterStep(new ClusterPosition(next(span), null), results);
		}
		Instant tick = span.last().getFirst();
		begin();
		ClusterRun run = new ClusterRun(this, this.body, tick, now, started, this::left);
		if (!this.registry.carry(run)) {
			left(new Departure.HandedBack());
			started.run();
			return null;
		}
		Departure departure = run.await();
		if (departure instanceof Departure.HandedBack) {
			return null;
		}
		count(results, run.hasStarted() ? TickResult.RAN : TickResult.CANCELLED, 1);
		return new ClusterStep(after(span, results), results);
	}

	@Override
	public void accounted(ClusterPosition position, ClusterStep step) {
		Instant next = (step.next().after() != null) ? step.next().after() : step.next().due();
		long elsewhere;
		synchronized (this) {
			elsewhere = elsewhere(position.due());
			this.frontier = (this.frontier == null || next.isAfter(this.frontier)) ? next : this.frontier;
			this.due = step.next().due();
			this.runningOn = null;
		}
		this.ledger.add(TickResult.HELD_ELSEWHERE, elsewhere);
		step.results().forEach(this.ledger::add);
	}

	@Override
	public void stands(Instant instant, @Nullable String instance) {
		long elsewhere;
		synchronized (this) {
			this.due = instant;
			this.runningOn = instance;
			elsewhere = elsewhere(instant);
			if (this.ticking && this.plan.after(this.clock.instant()) == null) {
				arm();
			}
		}
		this.ledger.add(TickResult.HELD_ELSEWHERE, elsewhere);
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
	 * What came while this instance was paused and no other one was there: a resumed job
	 * makes up nothing.
	 * @return where to go on, or {@code null} if there is nothing of the kind
	 */
	private @Nullable Instant madeUpByNobody(ClusterPosition position, Map<TickResult, Long> results) {
		Instant resumed;
		synchronized (this) {
			resumed = this.resumedAt;
		}
		if (resumed == null || !position.due().isBefore(resumed.minus(JUST_NOW))) {
			return null;
		}
		ClusterPlan.Span span = this.plan.reached(position.due(), resumed, 1);
		if (span.next() == null) {
			// The end of a run is what counts, and nothing was named since.
			return null;
		}
		count(results, TickResult.PAUSED, span.count());
		return span.next();
	}

	/**
	 * Return the instants that have come, of which one more may have been put off until
	 * the run before it had left.
	 */
	private ClusterPlan.Span come(ClusterPosition position, Instant now) {
		Instant reached = now.isBefore(position.due()) ? position.due() : now;
		if (position.after() == null) {
			return this.plan.reached(position.due(), reached, kept());
		}
		ClusterPlan.Span alone = this.plan.reached(position.due(), position.due(), 1);
		return new ClusterPlan.Span(1, alone.last(), position.after());
	}

	private int runs(ClusterPlan.Span span, ClusterPosition position) {
		if (span.count() == 1 || position.after() != null) {
			return 1;
		}
		return switch (this.spec.missed()) {
			case SKIP -> 0;
			case RUN_ONCE -> 1;
			case CATCH_UP -> span.last().size();
		};
	}

	private int kept() {
		return (this.spec.missed() == MissedRunPolicy.CATCH_UP) ? this.spec.catchUpLimit() : 1;
	}

	/**
	 * A run has left: return where the job goes on.
	 */
	private ClusterPosition after(ClusterPlan.Span span, Map<TickResult, Long> results) {
		Instant now = this.clock.instant();
		if (span.last().size() > 1) {
			// The next of those that are made up for, each on whatever instance.
			List<Instant> owed = List.copyOf(span.last());
			return new ClusterPosition(owed.get(1), null);
		}
		Instant next = next(span);
		if (next.isAfter(now) || this.plan.afterRun(now) != null) {
			return new ClusterPosition(next, null);
		}
		ClusterPlan.Span overlapped = this.plan.reached(next, now, 1);
		if (this.spec.overlap() == OverlapPolicy.QUEUE_ONE) {
			count(results, TickResult.OVERLAP, overlapped.count() - 1);
			return new ClusterPosition(next, next(overlapped));
		}
		count(results, TickResult.OVERLAP, overlapped.count());
		return new ClusterPosition(next(overlapped), null);
	}

	private Instant next(ClusterPlan.Span span) {
		if (span.next() != null) {
			return span.next();
		}
		Instant afterRun = this.plan.afterRun(this.clock.instant());
		if (afterRun == null) {
			throw new IllegalStateException("The schedule of '" + name() + "' names no further instant");
		}
		return afterRun;
	}

	private static void count(Map<TickResult, Long> results, TickResult result, long count) {
		if (count > 0) {
			results.merge(result, count, Long::sum);
		}
	}

	/**
	 * Other instances have accounted for all instants before one. Called with the monitor
	 * held.
	 * @return how many of them had no result here
	 */
	private long elsewhere(Instant before) {
		Instant from = this.frontier;
		if (from != null && !from.isBefore(before)) {
			return 0;
		}
		this.frontier = this.ticking ? before : from;
		if (from == null) {
			return 0;
		}
		Instant named = this.plan.after(from.minusNanos(1));
		if (named == null) {
			// Of a fixed delay: the run that was due then.
			return 1;
		}
		Instant last = before.minusNanos(1);
		return named.isAfter(last) ? 0 : this.plan.reached(named, last, 1).count();
	}

	private void attend() {
		boolean attends;
		synchronized (this) {
			attends = this.ticking && !this.paused && !this.removed;
		}
		this.seat.attend(attends);
	}

	/**
	 * Set the timer to the next instant, or to when to look for one. Called with the
	 * monitor held.
	 */
	private void arm() {
		disarm();
		Instant now = this.clock.instant();
		Instant next = this.plan.after(now);
		if (next == null) {
			boolean known = this.due != null && this.due.isAfter(now);
			next = known ? this.due : now.plus(LOOK);
		}
		this.nextAlarm = next;
		this.timer = this.clock.schedule(this::alarm, untilNext(now, next));
	}

	private static long untilNext(Instant now, Instant next) {
		return Math.min(TickPlan.between(now, next), PIECE.toNanos());
	}

	private void disarm() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private void alarm() {
		synchronized (this) {
			if (!this.ticking) {
				return;
			}
			Instant now = this.clock.instant();
			if (this.nextAlarm != null && now.isBefore(this.nextAlarm)) {
				this.timer = this.clock.schedule(this::alarm, untilNext(now, this.nextAlarm));
				return;
			}
			arm();
		}
		this.seat.look();
	}

}
