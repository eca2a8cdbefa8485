package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock that stands still until a test moves it. Timers fire on the thread that moves
 * it, in the order of their times.
 */
public final class ManualClock implements EngineClock {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final PriorityQueue<Entry> timers = new PriorityQueue<>(
			Comparator.comparingLong(Entry::due).thenComparingLong(Entry::order));

	private long order;

	/** Not zero, so that nothing may rely on the origin. */
	private long nanos = -5_000_000_000L;

	private Instant instant = START;

	@Override
	public synchronized long nanoTime() {
		return this.nanos;
	}

	@Override
	public synchronized Instant instant() {
		return this.instant;
	}

	@Override
	public synchronized Timer schedule(Runnable task, long delay) {
		Entry entry = new Entry(this.nanos + Math.max(0, delay), this.order++, task);
		this.timers.add(entry);
		return () -> remove(entry);
	}

	synchronized int timers() {
		return this.timers.size();
	}

	/**
	 * Return how many timers have been set in all.
	 */
	synchronized long calls() {
		return this.order;
	}

	/**
	 * Return how long it is to the next timer; zero if it is due.
	 */
	synchronized Duration toNextTimer() {
		Entry entry = this.timers.peek();
		return (entry != null) ? Duration.ofNanos(Math.max(0, entry.due() - this.nanos)) : Duration.ofDays(100_000);
	}

	/**
	 * Set the wall clock to another instant; what is measured in intervals does not
	 * notice.
	 */
	synchronized void correct(Instant corrected) {
		this.instant = corrected;
	}

	/**
	 * Let time pass, and call each timer when its time has come.
	 */
	public void advance(Duration duration) {
		long target = nanoTime() + duration.toNanos();
		for (Entry entry = next(target); entry != null; entry = next(target)) {
			entry.task().run();
		}
		synchronized (this) {
			move(target);
		}
	}

	/**
	 * Let time pass at once, as in a process that was stopped: timers fire late.
	 */
	void jump(Duration duration) {
		synchronized (this) {
			move(this.nanos + duration.toNanos());
		}
		advance(Duration.ZERO);
	}

	/**
	 * Let time pass without a timer that fires, as if its thread got no processor.
	 */
	public synchronized void starve(Duration duration) {
		move(this.nanos + duration.toNanos());
	}

	private synchronized Entry next(long target) {
		Entry entry = this.timers.peek();
		if (entry == null || entry.due() > target) {
			return null;
		}
		move(Math.max(entry.due(), this.nanos));
		return this.timers.poll();
	}

	private void move(long target) {
		this.instant = this.instant.plusNanos(target - this.nanos);
		this.nanos = target;
	}

	private synchronized void remove(Entry entry) {
		this.timers.remove(entry);
	}

	private record Entry(long due, long order, Runnable task) {

	}

}
