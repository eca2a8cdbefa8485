package io.backgroundjobs.engine;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKey;
import io.backgroundjobs.OnDuplicate;

/**
 * The keys that live jobs hold. Guarded by its monitor, within which the lock of a venue
 * may be taken, but never the other way round.
 */
final class KeyedJobs {

	private final Map<Name, KeySlot> slots = new HashMap<>();

	private final EngineClock clock;

	KeyedJobs(EngineClock clock) {
		this.clock = clock;
	}

	/**
	 * Look whether a spawn is going to be a duplicate, before room is asked for.
	 * @return the job that it duplicates, or {@code null} if it may go on
	 */
	synchronized @Nullable JobRun<?> duplicateOf(String name, JobKey key) {
		KeySlot slot = this.slots.get(new Name(name, key.value()));
		return (slot != null && !replaces(key)) ? slot.holder() : null;
	}

	/**
	 * Let a run that is admitted and parked have its key. If it gets it, the slot is its
	 * owner, and must be told when the run is due.
	 * @return the job that it duplicates, or {@code null} if the run has its key
	 */
	@Nullable JobRun<?> claim(JobRun<?> run, JobKey key) {
		JobRun<?> superseded;
		synchronized (this) {
			if (run.phase() >= Phase.SETTLING) {
				// Cancelled before its commit: it takes no key, and nobody's place.
				return null;
			}
			Name name = new Name(run.name(), key.value());
			KeySlot slot = this.slots.get(name);
			if (slot != null && !replaces(key)) {
				return slot.holder();
			}
			if (slot == null) {
				slot = new KeySlot(this, name);
				this.slots.put(name, slot);
				throttle(slot, key);
			}
			superseded = slot.enter(run, key, this.clock.nanoTime());
			run.extras().owner = slot;
			if (run.phase() >= Phase.SETTLING) {
				// Cancelled before it had an owner that could be told.
				slot.ended(run, run.phase(), null);
			}
		}
		if (superseded != null) {
			Ending.settleWithdrawn(superseded, "superseded by " + run.id());
		}
		return null;
	}

	/**
	 * Return how many keys are held.
	 */
	synchronized int size() {
		return this.slots.size();
	}

	/**
	 * Forget all slots: no job is live, and the timers of throttled keys are gone.
	 */
	synchronized void clear() {
		this.slots.clear();
	}

	/**
	 * Forget a slot. Called with the monitor held.
	 */
	void remove(KeySlot slot) {
		this.slots.remove(slot.name(), slot);
	}

	private void throttle(KeySlot slot, JobKey key) {
		if (key instanceof JobKey.Throttle throttle) {
			slot.throttled(true);
			this.clock.schedule(() -> throttleOver(slot), Waiting.nanos(throttle.period()));
		}
	}

	private synchronized void throttleOver(KeySlot slot) {
		slot.throttled(false);
		remove(slot);
	}

	private static boolean replaces(JobKey key) {
		return key instanceof JobKey.Debounce
				|| (key instanceof JobKey.Unique unique && unique.onDuplicate() == OnDuplicate.REPLACE_PENDING);
	}

	/**
	 * What makes two jobs one of a kind.
	 *
	 * @param job the name of the job
	 * @param key its key
	 */
	record Name(String job, String key) {
	}

}
