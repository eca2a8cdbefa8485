package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a pool: each is in one of four lists, from its admission until its body has
 * left. Guarded by the pool's lock.
 */
final class PoolRuns {

	/** Not due: delayed, reserved, between attempts, or behind an earlier run. */
	final RunList parked = new RunList();

	/** Due, and waiting for a place. */
	final RunQueue queue = new RunQueue();

	/** Waiting for a thread, with a place. */
	private final RunList ready;

	final ActiveRuns active;

	PoolRuns(RunList ready, ActiveRuns active) {
		this.ready = ready;
		this.active = active;
	}

	/**
	 * Return how many wait for a time, for another run, or for a place.
	 */
	int pending() {
		return this.parked.size() + this.queue.size();
	}

	/**
	 * Return how many are due and not told about; bodies that are left behind do not
	 * count.
	 */
	int busy() {
		return this.queue.size() + this.ready.size() + this.active.busy();
	}

	List<JobRun<?>> queued() {
		List<JobRun<?>> runs = new ArrayList<>(this.queue.size());
		this.queue.forEach(runs::add);
		return runs;
	}

	/**
	 * Return all that no thread has taken.
	 */
	List<JobRun<?>> waiting() {
		List<JobRun<?>> runs = this.parked.addTo(new ArrayList<>());
		this.queue.forEach(runs::add);
		return this.ready.addTo(runs);
	}

	/**
	 * Return all of them, in this order: who ends them one after the other lets none of
	 * them start.
	 */
	List<JobRun<?>> all() {
		return this.active.all().addTo(waiting());
	}

	/**
	 * Take out a run that no thread has taken.
	 * @return whether it was there
	 */
	boolean withdraw(JobRun<?> run) {
		RunList list = run.list();
		if (list == null || list == this.active.all()) {
			return false;
		}
		if (list == this.parked || list == this.ready) {
			list.remove(run);
		}
		else {
			this.queue.remove(run);
		}
		return true;
	}

}
