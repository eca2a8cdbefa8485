package io.backgroundjobs.engine;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A list of runs in the order of their arrival: a run is in one list at most, and leaves
 * it in constant time from anywhere. Guarded by the lock of whoever owns it.
 *
 * <p>
 * Runs are kept in chunks, each of which is filled once and dropped when it is empty.
 * Links from run to run would be simpler, and three times as slow: the ends of such a
 * list are fields of an old object that point to a new one, which costs a memory fence at
 * each write with the collectors that have generations. A new chunk costs none.
 */
final class RunList {

	private Chunk first = new Chunk(this);

	private Chunk last = this.first;

	private int size;

	int size() {
		return this.size;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	@Nullable JobRun<?> first() {
		return (this.size > 0) ? this.first.runs[this.first.from] : null;
	}

	void add(JobRun<?> run) {
		assert run.list() == null;
		if (this.last.to == Chunk.SIZE) {
			append();
		}
		Chunk chunk = this.last;
		chunk.runs[chunk.to] = run;
		run.position = chunk;
		chunk.to++;
		chunk.live++;
		this.size++;
	}

	@Nullable JobRun<?> poll() {
		JobRun<?> run = first();
		if (run != null) {
			remove(run);
		}
		return run;
	}

	boolean contains(JobRun<?> run) {
		return run.list() == this;
	}

	void remove(JobRun<?> run) {
		assert contains(run);
		Chunk chunk = (Chunk) Objects.requireNonNull(run.position);
		int index = chunk.indexOf(run);
		chunk.runs[index] = null;
		run.position = null;
		chunk.live--;
		this.size--;
		if (chunk.live == 0 && chunk.to == Chunk.SIZE) {
			drop(chunk);
		}
		if (index == chunk.from) {
			chunk.skipEmpty();
		}
	}

	void forEach(Consumer<JobRun<?>> action) {
		allMatch((run) -> {
			action.accept(run);
			return true;
		});
	}

	/**
	 * Look at the runs until one does not match.
	 */
	boolean allMatch(Predicate<JobRun<?>> condition) {
		for (Chunk chunk = this.first; chunk != null; chunk = chunk.next) {
			for (int i = chunk.from; i < chunk.to; i++) {
				JobRun<?> run = chunk.runs[i];
				if (run != null && !condition.test(run)) {
					return false;
				}
			}
		}
		return true;
	}

	/**
	 * Add the runs to a list.
	 * @return that list
	 */
	List<JobRun<?>> addTo(List<JobRun<?>> runs) {
		forEach(runs::add);
		return runs;
	}

	private void append() {
		Chunk chunk = new Chunk(this);
		if (this.size == 0) {
			this.first = chunk;
		}
		else {
			chunk.previous = this.last;
			this.last.next = chunk;
		}
		this.last = chunk;
	}

	/**
	 * Unlink a chunk that is empty and stays so. It keeps no link itself: else one that
	 * the collector holds for old would keep all that came after it.
	 */
	private void drop(Chunk chunk) {
		if (chunk == this.last) {
			return;
		}
		Chunk next = Objects.requireNonNull(chunk.next);
		next.previous = chunk.previous;
		if (chunk.previous != null) {
			chunk.previous.next = next;
		}
		else {
			this.first = next;
		}
		chunk.previous = null;
		chunk.next = null;
	}

	/**
	 * Some runs that came one after the other.
	 */
	static final class Chunk {

		private static final int SIZE = 64;

		private final RunList list;

		private final @Nullable JobRun<?>[] runs = new JobRun<?>[SIZE];

		private @Nullable Chunk previous;

		private @Nullable Chunk next;

		/** Nothing is before it. */
		private byte from;

		/** The first cell that has never been filled. */
		private byte to;

		private byte live;

		private Chunk(RunList list) {
			this.list = list;
		}

		RunList list() {
			return this.list;
		}

		/**
		 * Find a run that is in here; mostly it is the first.
		 */
		private int indexOf(JobRun<?> run) {
			int index = this.from;
			while (this.runs[index] != run) {
				index++;
			}
			return index;
		}

		private void skipEmpty() {
			while (this.from < this.to && this.runs[this.from] == null) {
				this.from++;
			}
		}

	}

}
