package io.backgroundjobs.engine;

import java.util.Arrays;

/**
 * Numbers of slots in the order of their times: a binary heap of primitives, so that a
 * change in it is no work for the garbage collector. Not thread-safe.
 */
final class SlotHeap {

	/** When slots are due; by slot. */
	private long[] dues = new long[16];

	/** Where slots are in the heap, or -1; by slot. */
	private int[] positions = absent(new int[16], 0);

	private int[] heap = new int[16];

	private int size;

	boolean isEmpty() {
		return this.size == 0;
	}

	/**
	 * Return the slot that is due first. There must be one.
	 */
	int first() {
		return this.heap[0];
	}

	/**
	 * Return when a slot is due that is in the heap.
	 */
	long due(int slot) {
		return this.dues[slot];
	}

	/**
	 * Put a slot into the heap, or change its time. Slots are numbered from zero.
	 * @param due when it is due; less than 2^62 from all others
	 */
	void set(int slot, long due) {
		makeRoom(slot);
		this.dues[slot] = due;
		int position = this.positions[slot];
		if (position < 0) {
			position = this.size++;
		}
		rise(slot, position);
		sink(slot, this.positions[slot]);
	}

	/**
	 * Take a slot out of the heap, if it is in it.
	 */
	void remove(int slot) {
		int position = (slot < this.positions.length) ? this.positions[slot] : -1;
		if (position < 0) {
			return;
		}
		this.positions[slot] = -1;
		this.size--;
		if (position < this.size) {
			int last = this.heap[this.size];
			rise(last, position);
			sink(last, this.positions[last]);
		}
	}

	private void rise(int slot, int from) {
		int position = from;
		while (position > 0) {
			int parent = (position - 1) / 2;
			if (!isBefore(slot, this.heap[parent])) {
				break;
			}
			put(this.heap[parent], position);
			position = parent;
		}
		put(slot, position);
	}

	private void sink(int slot, int from) {
		int position = from;
		for (int child = 2 * position + 1; child < this.size; child = 2 * position + 1) {
			if (child + 1 < this.size && isBefore(this.heap[child + 1], this.heap[child])) {
				child++;
			}
			if (!isBefore(this.heap[child], slot)) {
				break;
			}
			put(this.heap[child], position);
			position = child;
		}
		put(slot, position);
	}

	private void put(int slot, int position) {
		this.heap[position] = slot;
		this.positions[slot] = position;
	}

	private boolean isBefore(int slot, int other) {
		return this.dues[slot] - this.dues[other] < 0;
	}

	private void makeRoom(int slot) {
		int length = this.dues.length;
		if (slot >= length) {
			int longer = Math.max(slot + 1, 2 * length);
			this.dues = Arrays.copyOf(this.dues, longer);
			this.heap = Arrays.copyOf(this.heap, longer);
			this.positions = absent(Arrays.copyOf(this.positions, longer), length);
		}
	}

	private static int[] absent(int[] positions, int from) {
		Arrays.fill(positions, from, positions.length, -1);
		return positions;
	}

}
