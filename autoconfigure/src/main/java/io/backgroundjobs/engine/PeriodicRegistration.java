package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.engine.TickPlan.Reached;

/**
 * A periodic job: its schedule, its runs and what is known of both. The monitor keeps
 * specification and schedule together; a {@link Ticker}'s may be taken within it.
 */
final class PeriodicRegistration implements RegisteredJob {

	private final PeriodicRegistry registry;

	private final EngineClock clock;

	private final Couriers couriers;

	private final JobBody<?> body;

	private final TickLedger ledger;

	private final Ticker ticker;

	private final PeriodicRuns runs;

	private volatile PeriodicJobSpec spec;

	private final AtomicInteger failures = new AtomicInteger();

	private volatile @Nullable TickRun lastRun;

	private volatile long lastStart;

	private volatile long lastEnd;

	/** Whether a run has left. */
	private volatile boolean hasLeft;

	PeriodicRegistration(PeriodicRegistry registry, PeriodicJobSpec spec, JobBody<?> body, TickPlan plan) {
		this.registry = registry;
		this.clock = registry.engine().clock();
		this.couriers = registry.engine().couriers();
		this.spec = spec;
		this.body = body;
		this.ledger = new TickLedger(spec.name(), registry.engine().turns());
		this.ticker = new Ticker(this.clock, this, plan);
		this.runs = new PeriodicRuns(registry, this, spec);
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
	public void pause(@Nullable String by, @Nullable String text) {
		this.runs.pause(new PauseNote(true, this.clock.instant(), by, text));
	}

	@Override
	public void resume(@Nullable String by, @Nullable String text) {
		this.runs.resume(new PauseNote(false, this.clock.instant(), by, text));
	}

	@Override
	public boolean isPaused() {
		return this.runs.isPaused();
	}

	@Override
	public @Nullable PauseNote pauseNote() {
		return this.runs.pauseNote();
	}

	@Override
	public Job<?> trigger() {
		return this.runs.trigger();
	}

	@Override
	public void reschedule(JobSchedule schedule) {
		PeriodicJobSpec changed = this.spec.schedule(schedule);
		TickPlan plan = this.registry.plan(changed);
		Instant answer = this.ticker.ask(plan);
		synchronized (this) {
			this.spec = changed;
			this.ticker.replace(plan, answer, PeriodicRegistry.interval(schedule));
		}
		this.runs.dropOwed(TickResult.CANCELLED);
		this.runs.excuse();
	}

	@Override
	public void remove() {
		removeOnce();
	}

	@Override
	public @Nullable Instant nextRun() {
		return this.ticker.next();
	}

	@Override
	public List<Instant> nextRuns(int count) {
		return this.ticker.next(count);
	}

	@Override
	public @Nullable Job<?> lastRun() {
		return this.lastRun;
	}

	@Override
	public @Nullable Instant overdueSince() {
		if (!mayTick() || this.runs.isPaused() || this.runs.isPoolPaused()) {
			return null;
		}
		long waited = this.runs.overdue(this.clock.nanoTime());
		return (waited >= 0) ? this.clock.instant().minusNanos(waited) : this.ticker.lateSince();
	}

	@Override
	public int failuresInARow() {
		return this.failures.get();
	}

	@Override
	public Map<TickResult, Long> ticks() {
		return this.ledger.counts();
	}

	@Override
	public String toString() {
		return "PeriodicJob[" + name() + ", " + this.spec.schedule() + "]";
	}

	/**
	 * Whether the ticker may start. Asked under its monitor, so that a stop that comes
	 * later finds it started.
	 */
	boolean mayTick() {
		return this.registry.isTicking() && !this.runs.isRemoved();
	}

	@Override
	public void startTicking() {
		if (this.spec.isEnabled()) {
			this.ticker.start((this.spec.initialDelay() != null) ? Waiting.nanos(this.spec.initialDelay()) : -1);
		}
	}

	@Override
	public void stopTicking() {
		this.ticker.stop();
		this.runs.dropOwed(TickResult.STOPPING);
		this.runs.excuse();
	}

	/**
	 * The clock has reached an instant. Runs on the clock's thread.
	 * @param plan what named it
	 * @param due when it was due; nanoseconds of the clock
	 */
	void ticked(TickPlan plan, long due) {
		proceed(plan, this.runs.tick(plan, due));
	}

	/**
	 * The clock has reached more than one instant. Runs on the clock's thread.
	 * @param plan what named them
	 */
	void ticked(TickPlan plan, Reached reached, long now) {
		List<Long> late = reached.late();
		MissedRunPolicy missed = this.spec.missed();
		int run = switch (missed) {
			case SKIP -> 0;
			case RUN_ONCE -> 1;
			case CATCH_UP -> late.size();
		};
		this.ledger.add(TickResult.MISSED, reached.count() - run);
		Deque<Tick> due = new ArrayDeque<>(run);
		late.subList(late.size() - run, late.size()).forEach((by) -> due.add(new Tick(plan, now - by)));
		proceed(plan, this.runs.tick(due));
	}

	/**
	 * Go on to the next instant, if that waits for a run and there is none.
	 */
	private void proceed(TickPlan plan, boolean follows) {
		if (!follows && plan.waitsForRun()) {
			// A trigger of the application may be asked, which is not for this thread.
			this.couriers.send(() -> this.ticker.proceed(plan));
		}
	}

	/**
	 * The timer of the job has fired.
	 * @param late by how much too late, in nanoseconds
	 */
	void fired(long late, long now) {
		this.registry.engine().diagnosis().fired(late, now);
	}

	JobBody<?> body() {
		return this.body;
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

	/**
	 * Whether a run has been let in that {@link #started} has not been told of. Once that
	 * is no more so, {@link #lastStart} is up to date.
	 */
	boolean isAboutToStart() {
		return this.runs.isAboutToStart();
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
		TickRun run = this.lastRun;
		return (run != null) ? run.startedAt() : null;
	}

	@Nullable Instant lastEndAt() {
		return this.hasLeft ? this.clock.instant().minusNanos(this.clock.nanoTime() - this.lastEnd) : null;
	}

	void started(TickRun run) {
		this.lastStart = run.startedNanos();
		if (this.lastRun == null) {
			// Until the first one has left.
			this.lastEnd = run.startedNanos();
		}
		this.lastRun = run;
	}

	/**
	 * The outcome of a run is set.
	 * @param phase its final phase
	 */
	void ended(int phase) {
		if (phase == Phase.FAILED || phase == Phase.TIMED_OUT) {
			this.failures.incrementAndGet();
		}
		else if (phase == Phase.SUCCEEDED && this.failures.get() > 0) {
			this.failures.set(0);
		}
	}

	/**
	 * The run of a tick was cancelled before it started: nobody waits for it.
	 */
	void cancelled(TickRun tick) {
		this.runs.excuse(tick);
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
	void refused(TickRun run, boolean gone) {
		run.accountFor(gone ? TickResult.EXECUTOR_GONE : TickResult.POOL_FULL);
		boolean removed = gone && removeOnce();
		Ending.settleWithdrawn(run, gone ? "the executor has been shut down" : "the executor refused the run");
		if (removed) {
			this.registry.executorGone(this);
		}
	}

	/**
	 * A run has left.
	 * @param plan what named its tick, if it has one
	 */
	void left(TickRun run, @Nullable TickPlan plan) {
		if (run.attempts() > 0) {
			this.lastEnd = this.clock.nanoTime();
			this.hasLeft = true;
		}
		this.runs.left(run);
		if (plan != null && plan.waitsForRun()) {
			this.ticker.proceed(plan);
		}
	}

	private boolean removeOnce() {
		boolean first = this.runs.remove();
		if (first) {
			this.ticker.stop();
			this.registry.remove(this);
		}
		return first;
	}

}
