package io.backgroundjobs.engine;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Very many alarms that hang on one timer of a clock, which is set for the first of them.
 * To set one allocates nothing, and writes no reference into what lives long. Guarded by
 * its monitor, within which that timer is set and cancelled; tasks are called outside of
 * it, one after the other.
 */
final class AlarmQueue {

	/**
	 * After how many tasks the thread goes back to the clock: whatever else is due comes
	 * in between.
	 */
	static final int MOST_AT_A_TIME = 64;

	private static final Logger logger = LoggerFactory.getLogger(AlarmQueue.class);

	private final EngineClock clock;

	private final Runnable calling = this::call;

	/** The slots of the alarms that are set. */
	private final SlotHeap heap = new SlotHeap();

	/** The alarms by their slots. */
	private @Nullable QueuedAlarm[] alarms = new QueuedAlarm[16];

	/** Slots that are free, the next one last. */
	private int[] free = new int[16];

	private int freeSlots;

	private int usedSlots;

	/** Whether a thread calls tasks, and sets the timer when it is done. */
	private boolean busy;

	private EngineClock.@Nullable Timer timer;

	/** When that timer fires; nanoseconds of the clock. */
	private long timerDue;

	AlarmQueue(EngineClock clock) {
		this.clock = clock;
	}

	EngineClock.Alarm alarm(Runnable task) {
		return new QueuedAlarm(task);
	}

	private synchronized void set(QueuedAlarm alarm, long due) {
		if (alarm.slot < 0) {
			alarm.slot = takeSlot();
			this.alarms[alarm.slot] = alarm;
		}
		this.heap.set(alarm.slot, due);
		if (!this.busy && (this.timer == null || due - this.timerDue < 0)) {
			arm();
		}
	}

	private synchronized void cancel(QueuedAlarm alarm) {
		if (alarm.slot >= 0) {
			this.heap.remove(alarm.slot);
			this.alarms[alarm.slot] = null;
			giveBackSlot(alarm.slot);
			alarm.slot = -1;
			if (!this.busy && this.heap.isEmpty()) {
				disarm();
			}
		}
	}

	private void call() {
		synchronized (this) {
			if (this.busy) {
				// Its thread sees whatever is due.
				return;
			}
			this.busy = true;
		}
		try {
			QueuedAlarm alarm = next();
			for (int called = 1; alarm != null; called++) {
				call(alarm.task);
				alarm = (called < MOST_AT_A_TIME) ? next() : null;
			}
		}
		finally {
			synchronized (this) {
				this.busy = false;
				arm();
			}
		}
	}

	private synchronized @Nullable QueuedAlarm next() {
		int slot = this.heap.isEmpty() ? -1 : this.heap.first();
		if (slot < 0 || this.heap.due(slot) - this.clock.nanoTime() > 0) {
			return null;
		}
		this.heap.remove(slot);
		return this.alarms[slot];
	}

	/**
	 * Set the timer for the first alarm.
	 */
	private void arm() {
		disarm();
		if (!this.heap.isEmpty()) {
			this.timerDue = this.heap.due(this.heap.first());
			this.timer = this.clock.schedule(this.calling, Math.max(0, this.timerDue - this.clock.nanoTime()));
		}
	}

	private void disarm() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private int takeSlot() {
		if (this.freeSlots > 0) {
			return this.free[--this.freeSlots];
		}
		if (this.usedSlots == this.alarms.length) {
			this.alarms = Arrays.copyOf(this.alarms, 2 * this.usedSlots);
		}
		return this.usedSlots++;
	}

	private void giveBackSlot(int slot) {
		if (this.freeSlots == this.free.length) {
			this.free = Arrays.copyOf(this.free, 2 * this.freeSlots);
		}
		this.free[this.freeSlots++] = slot;
	}

	private static void call(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("An alarm of the job engine failed", ex);
		}
	}

	/**
	 * An alarm in the queue; its slot belongs to that.
	 */
	private final class QueuedAlarm implements EngineClock.Alarm {

		private final Runnable task;

		/** Kept from when it is first set until it is cancelled; else -1. */
		private int slot = -1;

		private QueuedAlarm(Runnable task) {
			this.task = task;
		}

		@Override
		public void set(long due) {
			AlarmQueue.this.set(this, due);
		}

		@Override
		public void cancel() {
			AlarmQueue.this.cancel(this);
		}

	}

}
