package io.backgroundjobs.engine;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.TickResult;

/**
 * One run of a periodic job, as its owner: sees to it that a tick gets its one result.
 * Guarded by its monitor.
 */
final class TickRun implements RunOwner {

	private final PeriodicRegistration job;

	/** What named the tick; {@code null} for a call of {@code trigger()}. */
	private final @Nullable TickPlan plan;

	/** When the tick was due; nanoseconds of the clock. */
	private final long due;

	private @Nullable TickResult result;

	private boolean left;

	TickRun(PeriodicRegistration job, @Nullable TickPlan plan, long due) {
		this.job = job;
		this.plan = plan;
		this.due = due;
	}

	/**
	 * Return when the tick was due.
	 * @return nanoseconds of the clock
	 */
	long due() {
		return this.due;
	}

	@Nullable TickPlan plan() {
		return this.plan;
	}

	/**
	 * Return the executor that the job names.
	 */
	Executor executor() {
		return this.job.executor();
	}

	/**
	 * The executor refused the run, which is withdrawn.
	 */
	void refused(JobRun<?> run, boolean gone) {
		this.job.refused(run, this, gone);
	}

	/**
	 * Whether the run has begun, or never will.
	 */
	synchronized boolean hasResult() {
		return this.result != null;
	}

	/**
	 * Set the result of the tick, if it has none.
	 */
	void result(TickResult newResult) {
		synchronized (this) {
			if (this.result != null) {
				return;
			}
			this.result = newResult;
		}
		if (this.plan != null) {
			this.job.ledger().add(newResult, 1);
			if (newResult == TickResult.CANCELLED) {
				this.job.cancelled(this);
			}
		}
	}

	@Override
	public void starting(JobRun<?> run) {
		this.job.started(run);
		result(TickResult.RAN);
		if (this.plan != null) {
			Surroundings engine = run.engine();
			engine.turns().late(run, Math.max(0, engine.clock().nanoTime() - this.due));
		}
	}

	@Override
	public void ended(JobRun<?> run, int phase) {
		this.job.ended(phase);
		if (run.attempts() > 0) {
			// Has it already, unless a context or a retry policy failed before the body.
			result(TickResult.RAN);
		}
		else {
			result(run.engine().stopping().isStopping() ? TickResult.STOPPING : TickResult.CANCELLED);
		}
	}

	@Override
	public void left(JobRun<?> run) {
		synchronized (this) {
			if (this.left) {
				return;
			}
			this.left = true;
		}
		this.job.left(run, this);
	}

}
