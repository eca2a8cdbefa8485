package io.backgroundjobs.engine;

/**
 * Since when a run of a periodic job should have started: the first tick after the start
 * of the last run. A start needs no word here, as it is later than the ticks before it.
 * Guarded by the monitor of the job's {@link PeriodicRuns}.
 */
final class Overdue {

	private static final long NEVER = Long.MIN_VALUE;

	private final PeriodicRegistration job;

	private long due = NEVER;

	Overdue(PeriodicRegistration job) {
		this.job = job;
	}

	/**
	 * A tick has come for which a run should start.
	 * @param tick when it was due
	 */
	void reached(long tick) {
		if (!isOpen()) {
			this.due = tick;
		}
	}

	/**
	 * A tick needs no run any more.
	 * @param tick when it was due
	 */
	void forget(long tick) {
		if (this.due == tick) {
			forget();
		}
	}

	/**
	 * No tick needs a run any more.
	 */
	void forget() {
		this.due = NEVER;
	}

	/**
	 * Return how long ago a run should have started.
	 * @return nanoseconds, or -1 if none should
	 */
	long since(long now) {
		return isOpen() ? now - this.due : -1;
	}

	private boolean isOpen() {
		return this.due != NEVER && !(this.job.hasRun() && this.job.lastStart() - this.due >= 0);
	}

}
