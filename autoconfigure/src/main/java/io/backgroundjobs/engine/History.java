package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;

/**
 * A ring of the jobs that ended last. Writers claim a cell with one atomic step and never
 * wait; a reader may miss a job that is being written at this moment.
 */
final class History {

	private final AtomicReferenceArray<@Nullable JobRun<?>> ring;

	private final AtomicLong written = new AtomicLong();

	History(int size) {
		this.ring = new AtomicReferenceArray<>(size);
	}

	void add(JobRun<?> run) {
		int size = this.ring.length();
		if (size > 0) {
			this.ring.set((int) (this.written.getAndIncrement() % size), run);
		}
	}

	@Nullable JobRun<?> find(String id) {
		for (int i = 0; i < this.ring.length(); i++) {
			JobRun<?> run = this.ring.get(i);
			if (run != null && run.id().equals(id)) {
				return run;
			}
		}
		return null;
	}

	List<Job<?>> latestFirst() {
		List<Job<?>> jobs = new ArrayList<>();
		int size = this.ring.length();
		long newest = this.written.get() - 1;
		for (long i = newest; i >= 0 && i > newest - size; i--) {
			JobRun<?> run = this.ring.get((int) (i % size));
			if (run != null && Phase.isEnded(run.phase())) {
				jobs.add(run);
			}
		}
		return jobs;
	}

}
