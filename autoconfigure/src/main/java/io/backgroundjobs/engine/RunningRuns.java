package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The runs of a periodic job that have not left, in the order of their coming: usually
 * one or none, for which a field is enough. Guarded by the monitor of the job's
 * {@link PeriodicRuns}.
 */
final class RunningRuns {

	/** The only one. */
	private @Nullable TickRun single;

	/** All, as soon as there have been several at once. */
	private @Nullable Set<TickRun> several;

	boolean isEmpty() {
		return this.single == null && (this.several == null || this.several.isEmpty());
	}

	void add(TickRun run) {
		if (this.several == null && this.single == null) {
			this.single = run;
			return;
		}
		if (this.several == null) {
			this.several = new LinkedHashSet<>();
		}
		if (this.single != null) {
			this.several.add(this.single);
			this.single = null;
		}
		this.several.add(run);
	}

	/**
	 * Remove a run.
	 * @return whether it was there
	 */
	boolean remove(TickRun run) {
		if (this.several != null) {
			return this.several.remove(run);
		}
		boolean found = this.single == run;
		if (found) {
			this.single = null;
		}
		return found;
	}

	/**
	 * Return them as they are now.
	 */
	List<TickRun> all() {
		List<TickRun> all = new ArrayList<>();
		if (this.single != null) {
			all.add(this.single);
		}
		if (this.several != null) {
			all.addAll(this.several);
		}
		return all;
	}

}
