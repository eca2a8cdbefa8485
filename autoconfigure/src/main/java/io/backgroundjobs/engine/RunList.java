package io.backgroundjobs.engine;

import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A list of runs in the order of their arrival, linked through the runs themselves: a run
 * is in one list at most, and leaves it in constant time from anywhere. Guarded by the
 * lock of whoever owns it.
 */
final class RunList {

	private @Nullable JobRun<?> first;

	private @Nullable JobRun<?> last;

	private int size;

	int size() {
		return this.size;
	}

	boolean isEmpty() {
		return this.first == null;
	}

	@Nullable JobRun<?> first() {
		return this.first;
	}

	void add(JobRun<?> run) {
		assert run.list == null;
		run.list = this;
		run.previous = this.last;
		if (this.last != null) {
			this.last.next = run;
		}
		else {
			this.first = run;
		}
		this.last = run;
		this.size++;
	}

	@Nullable JobRun<?> poll() {
		JobRun<?> run = this.first;
		if (run != null) {
			remove(run);
		}
		return run;
	}

	void remove(JobRun<?> run) {
		assert run.list == this;
		JobRun<?> previous = run.previous;
		JobRun<?> next = run.next;
		if (previous != null) {
			previous.next = next;
		}
		else {
			this.first = next;
		}
		if (next != null) {
			next.previous = previous;
		}
		else {
			this.last = previous;
		}
		run.previous = null;
		run.next = null;
		run.list = null;
		this.size--;
	}

	void forEach(Consumer<JobRun<?>> action) {
		for (JobRun<?> run = this.first; run != null; run = run.next) {
			action.accept(run);
		}
	}

	/**
	 * Add the runs to a list.
	 * @return that list
	 */
	List<JobRun<?>> addTo(List<JobRun<?>> runs) {
		forEach(runs::add);
		return runs;
	}

}
