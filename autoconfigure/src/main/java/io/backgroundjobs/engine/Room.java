package io.backgroundjobs.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

import io.backgroundjobs.RejectionReason;

/**
 * The room for pending runs of a pool, and the spawners that wait for some. Guarded by
 * the pool's lock.
 */
final class Room {

	private final int pendingLimit;

	private final Deque<BlockedSpawner> blocked = new ArrayDeque<>();

	/** How many pending runs count against the limit. */
	private int slots;

	Room(int pendingLimit) {
		this.pendingLimit = pendingLimit;
	}

	/**
	 * Take a slot if there is one.
	 * @param places how many free places the run may count on besides
	 */
	boolean tryTake(JobRun<?> run, int places) {
		if (this.slots >= this.pendingLimit + places) {
			return false;
		}
		take(run);
		return true;
	}

	/**
	 * Return how many more runs may be pending.
	 */
	int left() {
		return Math.max(0, this.pendingLimit - this.slots);
	}

	/**
	 * Take a slot in any case: the run was admitted before.
	 */
	void take(JobRun<?> run) {
		this.slots++;
		run.holds = RunState.SLOT;
	}

	void giveBack(JobRun<?> run) {
		if (run.holds == RunState.SLOT) {
			run.holds = RunState.NOTHING;
			this.slots--;
		}
	}

	/**
	 * Whether somebody waits for room, and so was before all who come now.
	 */
	boolean isAwaited() {
		return !this.blocked.isEmpty();
	}

	/**
	 * A spawner has come: let it go on if its run was admitted, or else wait.
	 */
	void entered(BlockedSpawner spawner, boolean admitted) {
		if (admitted) {
			spawner.resolve(null);
		}
		else {
			this.blocked.add(spawner);
		}
	}

	boolean giveUp(BlockedSpawner spawner) {
		return this.blocked.remove(spawner);
	}

	void reject(RejectionReason reason, Predicate<BlockedSpawner> which) {
		this.blocked.removeIf((spawner) -> {
			boolean rejected = which.test(spawner);
			if (rejected) {
				spawner.resolve(reason);
			}
			return rejected;
		});
	}

	/**
	 * Let those who wait go on, in their order, as far as there is room.
	 */
	void settle(Predicate<BlockedSpawner> admission) {
		while (!this.blocked.isEmpty() && admission.test(this.blocked.element())) {
			this.blocked.remove().resolve(null);
		}
	}

}
