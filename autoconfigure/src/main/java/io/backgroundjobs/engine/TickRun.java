package io.backgroundjobs.engine;

import java.util.Objects;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.TickResult;

/**
 * A run of a periodic job, which is its own owner: sees to it that a tick gets its one
 * result. What it has beside a {@link JobRun} is guarded by its monitor.
 */
final class TickRun extends JobRun<@Nullable Object> implements RunOwner {

	/** Dropped, with the plan, once the run has left. */
	private @Nullable PeriodicRegistration job;

	/** What named the tick; {@code null} for a call of {@code trigger()}. */
	private @Nullable TickPlan plan;

	/** When the tick was due; nanoseconds of the clock. */
	private final long due;

	private @Nullable TickResult tickResult;

	private boolean left;

	TickRun(Venue venue, PeriodicRegistration job, @Nullable TickPlan plan, long due) {
		super(venue, JobKind.PERIODIC, job.name(), job.spec().run(), job.body());
		this.job = job;
		this.plan = plan;
		this.due = due;
	}

	@Override
	@Nullable RunOwner owner() {
		return (this.job != null) ? this : null;
	}

	/**
	 * Return when the tick was due.
	 * @return nanoseconds of the clock
	 */
	long due() {
		return this.due;
	}

	/**
	 * Whether the run is that of a tick, and not of a call of {@code trigger()}.
	 */
	boolean isOfTick() {
		return this.plan != null;
	}

	/**
	 * Return the executor that the job names, if the run has not left yet.
	 */
	@Nullable Executor executor() {
		PeriodicRegistration current = this.job;
		return (current != null) ? current.executor() : null;
	}

	/**
	 * The executor refused the run, which is withdrawn.
	 */
	void refused(boolean gone) {
		job().refused(this, gone);
	}

	/**
	 * Whether the run has begun, or never will.
	 */
	synchronized boolean isAccountedFor() {
		return this.tickResult != null;
	}

	/**
	 * Set the result of the tick, if it has none.
	 */
	void accountFor(TickResult result) {
		synchronized (this) {
			if (this.tickResult != null) {
				return;
			}
			this.tickResult = result;
		}
		if (this.plan != null) {
			job().ledger().add(result, 1);
			if (result == TickResult.CANCELLED) {
				job().cancelled(this);
			}
		}
	}

	@Override
	public void starting(JobRun<?> run) {
		job().started(this);
		accountFor(TickResult.RAN);
		if (this.plan != null) {
			engine().turns().late(this, Math.max(0, startedNanos() - this.due));
		}
	}

	@Override
	public void ended(JobRun<?> run, int phase, @Nullable Object value) {
		job().ended(phase);
		if (attempts() > 0) {
			// Has it already, unless a context or a retry policy failed before the body.
			accountFor(TickResult.RAN);
		}
		else {
			accountFor(engine().stopping().isStopping() ? TickResult.STOPPING : TickResult.CANCELLED);
		}
	}

	@Override
	public void left(JobRun<?> run) {
		PeriodicRegistration current = job();
		TickPlan named = this.plan;
		synchronized (this) {
			if (this.left) {
				return;
			}
			this.left = true;
		}
		current.left(this, named);
	}

	@Override
	boolean dropExtras(boolean gone) {
		boolean dropped = super.dropExtras(gone);
		if (dropped && this.left) {
			this.job = null;
			this.plan = null;
		}
		return dropped;
	}

	private PeriodicRegistration job() {
		return Objects.requireNonNull(this.job);
	}

}
