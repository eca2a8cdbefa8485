package io.backgroundjobs.engine;

import java.util.Comparator;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The runs that wait for a place: higher priority first, first come first served within
 * one. Nearly all runs have priority 0, so that one needs no look-up. Guarded by the lock
 * of its pool.
 */
final class RunQueue {

	private final RunList normal = new RunList();

	private @Nullable TreeMap<Integer, RunList> others;

	private int size;

	int size() {
		return this.size;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	/**
	 * Whether a run waits that has no priority of its own.
	 */
	boolean isAnyNormal() {
		return !this.normal.isEmpty();
	}

	void add(JobRun<?> run) {
		int priority = run.priority();
		if (priority == 0) {
			this.normal.add(run);
		}
		else {
			if (this.others == null) {
				this.others = new TreeMap<>(Comparator.reverseOrder());
			}
			this.others.computeIfAbsent(priority, (key) -> new RunList()).add(run);
		}
		this.size++;
	}

	@Nullable JobRun<?> poll() {
		JobRun<?> run = peek();
		if (run != null) {
			remove(run);
		}
		return run;
	}

	boolean contains(JobRun<?> run) {
		RunList list = run.list();
		return list != null
				&& (list == this.normal || (this.others != null && list == this.others.get(run.priority())));
	}

	void remove(JobRun<?> run) {
		RunList list = Objects.requireNonNull(run.list());
		list.remove(run);
		if (list != this.normal && list.isEmpty() && this.others != null) {
			this.others.remove(run.priority());
		}
		this.size--;
	}

	void forEach(Consumer<JobRun<?>> action) {
		if (this.others != null) {
			this.others.headMap(0).values().forEach((list) -> list.forEach(action));
		}
		this.normal.forEach(action);
		if (this.others != null) {
			this.others.tailMap(0, false).values().forEach((list) -> list.forEach(action));
		}
	}

	/**
	 * Return how long the run has waited that has waited longest. It need not be the next
	 * one: those of a higher priority overtake it.
	 * @return nanoseconds, or -1 if none waits
	 */
	long longestWait(long now) {
		long longest = waited(this.normal, now);
		if (this.others != null) {
			for (RunList list : this.others.values()) {
				longest = Math.max(longest, waited(list, now));
			}
		}
		return longest;
	}

	private static long waited(RunList list, long now) {
		// Within one priority the first has come first.
		JobRun<?> first = list.first();
		return (first != null) ? first.waited(now) : -1;
	}

	@Nullable JobRun<?> peek() {
		if (this.others != null && !this.others.isEmpty() && (this.others.firstKey() > 0 || this.normal.isEmpty())) {
			return this.others.firstEntry().getValue().first();
		}
		return this.normal.first();
	}

}
