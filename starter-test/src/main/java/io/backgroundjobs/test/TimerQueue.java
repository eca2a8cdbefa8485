package io.backgroundjobs.test;

import java.time.Duration;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.engine.EngineClock.Timer;

/**
 * Timers in the order in which they are due, and the time that they are measured by. Time
 * is moved by {@link #poll(long)} until it {@linkplain #continueInRealTime() runs by
 * itself}. Thread-safe: each method is atomic.
 */
final class TimerQueue {

	private final TreeSet<Entry> entries = new TreeSet<>(
			Comparator.<Entry>comparingLong((entry) -> entry.due).thenComparingLong((entry) -> entry.sequence));

	// Not 0, which code that keeps a nano time may take for "none"
	private long nanoTime = Duration.ofDays(1).toNanos();

	private long sequence;

	private @Nullable RealTimers realTimers;

	synchronized long nanoTime() {
		return (this.realTimers != null) ? this.realTimers.nanoTime() : this.nanoTime;
	}

	synchronized Timer add(Runnable task, long delay) {
		Entry entry = new Entry(task, nanoTime() + Math.max(0, delay), this.sequence++);
		if (this.realTimers != null) {
			entry.future = this.realTimers.schedule(task, delay);
		}
		else {
			this.entries.add(entry);
		}
		return entry;
	}

	/**
	 * Return when the next timer is due.
	 * @return the nano time, or {@code null} if there is no timer
	 */
	synchronized @Nullable Long nextDue() {
		return this.entries.isEmpty() ? null : this.entries.first().due;
	}

	/**
	 * Take the next timer and set the time to its due time.
	 * @param target the nano time up to which timers are wanted
	 * @return the timer's task, or {@code null} if none is due by then
	 * @throws IllegalStateException if time runs by itself
	 */
	synchronized @Nullable Runnable poll(long target) {
		requireVirtual();
		if (this.entries.isEmpty() || this.entries.first().due > target) {
			return null;
		}
		Entry entry = this.entries.first();
		this.entries.remove(entry);
		setNanoTime(entry.due);
		return entry.task;
	}

	synchronized void setNanoTime(long target) {
		requireVirtual();
		// A timer that was set for "at once" may be behind: time does not go back for it
		this.nanoTime = Math.max(this.nanoTime, target);
	}

	synchronized void clear() {
		this.entries.clear();
		if (this.realTimers != null) {
			this.realTimers.clear();
		}
	}

	/**
	 * Do something while time stands still.
	 * @param action what to do
	 */
	synchronized void run(Runnable action) {
		action.run();
	}

	synchronized void continueInRealTime() {
		if (this.realTimers != null) {
			return;
		}
		RealTimers realTimers = new RealTimers(this.nanoTime);
		this.realTimers = realTimers;
		this.entries.forEach((entry) -> entry.future = realTimers.schedule(entry.task, entry.due - this.nanoTime));
		this.entries.clear();
	}

	private synchronized void cancel(Entry entry) {
		this.entries.remove(entry);
		if (entry.future != null) {
			entry.future.cancel(false);
		}
	}

	private void requireVirtual() {
		if (this.realTimers != null) {
			throw new IllegalStateException("Virtual time has given way to real time, and cannot be advanced any more");
		}
	}

	/**
	 * A timer; its fields belong to the queue.
	 */
	private final class Entry implements Timer {

		private final Runnable task;

		private final long due;

		private final long sequence;

		private @Nullable ScheduledFuture<?> future;

		private Entry(Runnable task, long due, long sequence) {
			this.task = task;
			this.due = due;
			this.sequence = sequence;
		}

		@Override
		public void cancel() {
			TimerQueue.this.cancel(this);
		}

	}

}
