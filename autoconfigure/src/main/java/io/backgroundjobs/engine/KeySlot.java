package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKey;

/**
 * One key: the run that holds it, and at most one that waits for the first to leave.
 * Guarded by the monitor of {@link KeyedJobs}.
 */
final class KeySlot implements RunOwner {

	private final KeyedJobs keys;

	private final KeyedJobs.Name name;

	private @Nullable JobRun<?> current;

	private @Nullable JobRun<?> waiting;

	/** Whether the first one has ended; its body may be inside. */
	private boolean currentEnded;

	/** Whether its body has left, too; nobody will be told of that again. */
	private boolean currentLeft;

	/** Whether the waiting run's own time has come. */
	private boolean waitingIsDue;

	/** Whether the key is taken until a time, and not until the run has ended. */
	private boolean throttled;

	/** When the last of a burst runs at the latest; nanoseconds of the clock. */
	private long deadline;

	KeySlot(KeyedJobs keys, KeyedJobs.Name name) {
		this.keys = keys;
		this.name = name;
	}

	KeyedJobs.Name name() {
		return this.name;
	}

	void throttled(boolean value) {
		this.throttled = value;
	}

	/**
	 * Return the job that a duplicate is told of.
	 */
	@Nullable JobRun<?> holder() {
		JobRun<?> holder = this.current;
		return (this.currentEnded && this.waiting != null) ? this.waiting : holder;
	}

	/**
	 * Take a run in, in the place of one that has not started if there is one.
	 * @return the run that was withdrawn for it and must be settled
	 */
	@Nullable JobRun<?> enter(JobRun<?> run, JobKey key, long now) {
		JobRun<?> superseded = null;
		if (this.current == null || this.currentLeft) {
			current(run);
		}
		else if (this.waiting != null) {
			superseded = this.waiting.venue().withdraw(this.waiting) ? this.waiting : null;
			this.waiting = run;
		}
		else if (this.current.attempts() == 0 && this.current.venue().withdraw(this.current)) {
			superseded = this.current;
			current(run);
		}
		else {
			this.waiting = run;
		}
		this.waitingIsDue = false;
		if (key instanceof JobKey.Debounce debounce && superseded == null) {
			this.deadline = now + Waiting.nanos(debounce.maxWait());
		}
		return superseded;
	}

	/**
	 * Return how long a run of a burst waits.
	 */
	long quiet(JobKey.Debounce debounce, long now) {
		synchronized (this.keys) {
			return Math.max(0, Math.min(Waiting.nanos(debounce.quiet()), this.deadline - now));
		}
	}

	/**
	 * A run's own time has come: let it go, unless an earlier one has not left.
	 */
	void due(JobRun<?> run) {
		synchronized (this.keys) {
			if (this.waiting == run) {
				this.waitingIsDue = true;
				// From here on it waits for no time: a drain lets it finish.
				Ending.disarm(run);
				return;
			}
		}
		run.venue().due(run);
	}

	@Override
	public void ended(JobRun<?> run, int phase, @Nullable Object value) {
		synchronized (this.keys) {
			if (this.waiting == run) {
				this.waiting = null;
			}
			else if (this.current == run) {
				this.currentEnded = true;
			}
			forgetIfFree();
		}
	}

	@Override
	public void left(JobRun<?> run) {
		JobRun<?> next;
		synchronized (this.keys) {
			if (this.current != run) {
				return;
			}
			if (this.waiting == null) {
				this.currentLeft = true;
				return;
			}
			next = this.waitingIsDue ? this.waiting : null;
			current(this.waiting);
			this.waiting = null;
		}
		if (next != null) {
			next.venue().due(next);
		}
	}

	private void current(JobRun<?> run) {
		this.current = run;
		this.currentEnded = false;
		this.currentLeft = false;
	}

	private void forgetIfFree() {
		if (this.currentEnded && this.waiting == null && !this.throttled) {
			this.keys.remove(this);
		}
	}

}
