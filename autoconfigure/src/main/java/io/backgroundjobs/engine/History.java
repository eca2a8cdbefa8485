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

	private Chunk oldest = this.latest;

	private int count;

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
			Chunk full = this.latest;
			this.latest = new Chunk(full);
			full.next = this.latest;
		}
		this.latest.runs[this.latest.filled++] = run;
		if (this.count < this.size) {
			this.count++;
		}
		else {
			forgetOldest();
		}
	}

	/**
	 * Let go of a run at once, and not with its chunk: its result may be large. To write
	 * nothing into an old array costs no fence.
	 */
	private void forgetOldest() {
		Chunk chunk = this.oldest;
		chunk.runs[chunk.forgotten++] = null;
		if (chunk.forgotten == Chunk.SIZE && chunk.next != null) {
			this.oldest = chunk.next;
			this.oldest.previous = null;
			// Else one that the collector holds for old would keep all that came after.
			chunk.next = null;
		}
	}

	/**
	 * Add the runs to a list, the latest first.
	 */
	void addTo(List<JobRun<?>> runs) {
		for (Chunk chunk = this.latest; chunk != null; chunk = chunk.previous) {
			for (int i = chunk.filled - 1; i >= chunk.forgotten; i--) {
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

		/** How many of the first are not remembered any more. */
		private int forgotten;

		private @Nullable Chunk previous;

		private @Nullable Chunk next;

		private Chunk(@Nullable Chunk previous) {
			this.previous = previous;
		}

	}

}
