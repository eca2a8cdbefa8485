package io.backgroundjobs.engine;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The runs of one venue that ended last. Guarded by the venue's lock.
 *
 * <p>
 * Kept in chunks, each of which is filled once, and not in a ring: each write of a new
 * object into an old array costs a memory fence with the collectors that have
 * generations.
 */
final class History {

	private final int size;

	private Chunk latest = new Chunk(null);

	/**
	 * Create a history.
	 * @param size how many runs are of interest
	 */
	History(int size) {
		this.size = size;
	}

	void add(JobRun<?> run) {
		if (this.size == 0) {
			return;
		}
		if (this.latest.filled == Chunk.SIZE) {
			this.latest = new Chunk(this.latest);
			this.latest.keep(this.size);
		}
		this.latest.runs[this.latest.filled++] = run;
	}

	/**
	 * Add the runs to a list, the latest first.
	 */
	void addTo(List<JobRun<?>> runs) {
		int wanted = runs.size() + this.size;
		for (Chunk chunk = this.latest; chunk != null; chunk = chunk.previous) {
			for (int i = chunk.filled - 1; i >= 0 && runs.size() < wanted; i--) {
				JobRun<?> run = chunk.runs[i];
				if (run != null) {
					runs.add(run);
				}
			}
		}
	}

	/**
	 * Some runs that ended one after the other.
	 */
	private static final class Chunk {

		private static final int SIZE = 64;

		private final @Nullable JobRun<?>[] runs = new JobRun<?>[SIZE];

		private int filled;

		private @Nullable Chunk previous;

		private Chunk(@Nullable Chunk previous) {
			this.previous = previous;
		}

		/**
		 * Let go of the chunks that hold more than is of interest.
		 */
		private void keep(int size) {
			Chunk oldest = this;
			for (int kept = 0; oldest != null && kept < size; kept += SIZE) {
				oldest = oldest.previous;
			}
			if (oldest != null) {
				oldest.previous = null;
			}
		}

	}

}
