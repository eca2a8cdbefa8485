package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;

/**
 * The jobs that ended last. Writers claim a cell with one atomic step and seldom wait; a
 * reader may miss a job that is being written at this moment.
 *
 * <p>
 * In chunks that are written once, not in a ring: each write of a new object into an old
 * array costs a memory fence with the collectors that have generations.
 */
final class History {

	private static final int CHUNK = 64;

	private final int size;

	private volatile Chunk latest;

	History(int size) {
		this.size = size;
		this.latest = new Chunk(null);
	}

	void add(JobRun<?> run) {
		if (this.size == 0) {
			return;
		}
		Chunk chunk = this.latest;
		while (!chunk.add(run)) {
			chunk = following(chunk);
		}
	}

	@Nullable JobRun<?> find(String id) {
		return latest().stream().filter((run) -> run.id().equals(id)).findFirst().orElse(null);
	}

	List<Job<?>> latestFirst() {
		List<JobRun<?>> runs = latest();
		runs.removeIf((run) -> !Phase.isEnded(run.phase()));
		return new ArrayList<>(runs);
	}

	private List<JobRun<?>> latest() {
		List<JobRun<?>> runs = new ArrayList<>();
		for (Chunk chunk = this.latest; chunk != null; chunk = chunk.previous) {
			chunk.addLatestFirst(runs, this.size);
		}
		return runs;
	}

	private synchronized Chunk following(Chunk full) {
		if (this.latest == full) {
			this.latest = new Chunk(full);
			full.keep(this.size);
		}
		return this.latest;
	}

	/**
	 * Some jobs that ended one after the other.
	 */
	private static final class Chunk {

		private final AtomicInteger claimed = new AtomicInteger();

		private final AtomicReferenceArray<@Nullable JobRun<?>> runs = new AtomicReferenceArray<>(CHUNK);

		private volatile @Nullable Chunk previous;

		private Chunk(@Nullable Chunk previous) {
			this.previous = previous;
		}

		private boolean add(JobRun<?> run) {
			int index = this.claimed.getAndIncrement();
			if (index >= this.runs.length()) {
				return false;
			}
			this.runs.setRelease(index, run);
			return true;
		}

		private void addLatestFirst(List<JobRun<?>> latest, int size) {
			for (int i = Math.min(this.claimed.get(), this.runs.length()) - 1; i >= 0 && latest.size() < size; i--) {
				JobRun<?> run = this.runs.get(i);
				if (run != null) {
					latest.add(run);
				}
			}
		}

		/**
		 * Let go of chunks before this one that hold more than is asked for.
		 */
		private void keep(int size) {
			Chunk oldest = this;
			for (int kept = this.runs.length(); oldest != null && kept < size; kept += this.runs.length()) {
				oldest = oldest.previous;
			}
			if (oldest != null) {
				oldest.previous = null;
			}
		}

	}

}
