package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.TickResult;

/**
 * What became of the instants of a job that all instances share, as one of them counts
 * it: its own results, and for every other instant that another one has it. Guarded by
 * its monitor; recorders are called outside.
 */
final class ClusterLedger {

	private final TickLedger results;

	/** All instants before it have a result here; {@code null} before any is known. */
	private @Nullable Instant frontier;

	ClusterLedger(TickLedger results) {
		this.results = results;
	}

	/**
	 * Begin to count. What came while nobody here did is none of this instance's.
	 */
	synchronized void begin() {
		this.frontier = null;
	}

	/**
	 * All instants before one have been accounted for, by this instance or by others.
	 */
	void reached(Instant due, ClusterPlan plan) {
		this.results.add(TickResult.HELD_ELSEWHERE, advance(due, plan));
	}

	/**
	 * This instance has accounted for instants.
	 * @param from the first of them
	 * @param to the first after them
	 */
	void accounted(Instant from, Instant to, Map<TickResult, Long> what, ClusterPlan plan) {
		reached(from, plan);
		synchronized (this) {
			this.frontier = (this.frontier == null || to.isAfter(this.frontier)) ? to : this.frontier;
		}
		what.forEach(this.results::add);
	}

	Map<TickResult, Long> counts() {
		return this.results.counts();
	}

	/**
	 * Move on.
	 * @return how many of the instants in between had no result here
	 */
	private synchronized long advance(Instant due, ClusterPlan plan) {
		Instant from = this.frontier;
		if (from != null && !from.isBefore(due)) {
			return 0;
		}
		this.frontier = due;
		if (from == null) {
			return 0;
		}
		Instant named = plan.after(from.minusNanos(1));
		if (named == null) {
			// Of a fixed delay: the run that was due then.
			return 1;
		}
		Instant last = due.minusNanos(1);
		return named.isAfter(last) ? 0 : plan.reached(named, last, 1).count();
	}

}
