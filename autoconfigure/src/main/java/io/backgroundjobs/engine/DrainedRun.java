package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

/**
 * A run that ended while its scheduler drained.
 *
 * @param run the run
 * @param phase its final phase
 * @param withdrawn whether no thread had taken it, or not again after a failed attempt
 * @param ran how long it ran, in nanoseconds
 */
record DrainedRun(JobRun<?> run, int phase, boolean withdrawn, long ran) {

	/**
	 * Account for all runs.
	 * @param live the runs whose bodies have not left
	 * @param callers the runs that wait for the drain themselves
	 */
	static ShutdownReport report(Instant begin, long duration, Collection<DrainedRun> drained, List<JobRun<?>> live,
			Set<JobRun<?>> callers, long now) {
		// Of few, mostly of none: to look in them costs those that have ended nothing.
		Set<JobRun<?>> inside = Set.copyOf(live);
		Set<JobRun<?>> waiting = Set.copyOf(callers);
		List<DrainedRun> all = new ArrayList<>(drained);
		if (!inside.isEmpty() || !waiting.isEmpty()) {
			addOthers(all, inside, waiting, now);
		}
		all.sort(Comparator.comparingLong((each) -> each.run().number()));
		List<Entry> entries = new ArrayList<>(all.size());
		for (DrainedRun each : all) {
			entries.add(each.entry(inside, waiting));
		}
		return new ShutdownReport(begin, Duration.ofNanos(duration), entries);
	}

	/**
	 * Add those that have not ended, or had when the drain began.
	 */
	private static void addOthers(List<DrainedRun> all, Set<JobRun<?>> inside, Set<JobRun<?>> waiting, long now) {
		Set<JobRun<?>> others = new HashSet<>(inside);
		others.addAll(waiting);
		all.forEach((each) -> others.remove(each.run()));
		for (JobRun<?> run : others) {
			if (inside.contains(run) || !Phase.isEnded(run.phase())) {
				all.add(new DrainedRun(run, run.phase(), false, run.ran(now)));
			}
		}
	}

	private Entry entry(Set<JobRun<?>> inside, Set<JobRun<?>> waiting) {
		Fate fate = fate(inside.contains(this.run), waiting.contains(this.run));
		Thread thread = (fate == Fate.STILL_RUNNING || fate == Fate.CALLER) ? this.run.runner() : null;
		List<StackTraceElement> stack = (thread != null) ? List.of(thread.getStackTrace()) : List.of();
		return new Entry(this.run.id(), this.run.name(), this.run.pool(), this.run.kind(), fate,
				Phase.outcome(this.phase), Duration.ofNanos(this.ran), stack);
	}

	private Fate fate(boolean inside, boolean caller) {
		if (caller && (inside || !Phase.isEnded(this.phase))) {
			return Fate.CALLER;
		}
		if (inside) {
			return Fate.STILL_RUNNING;
		}
		if (this.phase != Phase.CANCELLED) {
			return Fate.FINISHED;
		}
		// A thread may have taken it and not come to its body.
		return (this.withdrawn || this.run.attemptsStarted() == 0) ? Fate.DROPPED : Fate.CANCELLED;
	}

}
