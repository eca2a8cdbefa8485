package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a venue that a thread has taken and whose bodies have not left, and how
 * many of them are special. Guarded by the lock of the venue.
 */
final class ActiveRuns {

	private final RunList runs = new RunList();

	/** Of those whose attempt is over, the ones that hold a place. */
	private int overrunning;

	/** All of those whose attempt is over. */
	private int leftBehind;

	private int callerRuns;

	/** Threads that still tell listeners about a run that has left. */
	private int telling;

	/**
	 * A thread takes a run.
	 * @param onCaller whether it is the thread of who spawned it
	 */
	void start(JobRun<?> run, boolean onCaller) {
		run.handedOver();
		run.onCaller = onCaller;
		this.callerRuns += onCaller ? 1 : 0;
		this.runs.add(run);
	}

	/**
	 * The attempt of a run is over, while its body is inside.
	 */
	void overrun(JobRun<?> run) {
		if (this.runs.contains(run) && !run.overrunning) {
			run.overrunning = true;
			this.leftBehind++;
			this.overrunning += run.onCaller ? 0 : 1;
		}
	}

	/**
	 * The body of a run has left.
	 * @return whether it had not before
	 */
	boolean leave(JobRun<?> run) {
		if (!this.runs.contains(run)) {
			return false;
		}
		this.runs.remove(run);
		if (run.overrunning) {
			run.overrunning = false;
			this.leftBehind--;
			this.overrunning -= run.onCaller ? 0 : 1;
		}
		this.callerRuns -= run.onCaller ? 1 : 0;
		run.onCaller = false;
		return true;
	}

	void telling(int change) {
		this.telling += change;
	}

	int telling() {
		return this.telling;
	}

	int overrunning() {
		return this.overrunning;
	}

	int callerRuns() {
		return this.callerRuns;
	}

	/**
	 * Return how many run or are told about; bodies that are left behind do not count.
	 */
	int busy() {
		return this.runs.size() - this.leftBehind + this.telling;
	}

	List<JobRun<?>> leftBehind() {
		List<JobRun<?>> left = new ArrayList<>(this.leftBehind);
		if (this.leftBehind > 0) {
			this.runs.addTo(left).removeIf((run) -> !run.overrunning);
		}
		return left;
	}

	RunList all() {
		return this.runs;
	}

}
