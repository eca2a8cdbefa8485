package io.backgroundjobs.engine;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.PoolSnapshot;

/**
 * Warns of what an operator would want to know and may not be looking at. It is noticed
 * by threads that pass by anyway, and costs them a comparison: nothing wakes up to look
 * for it. The same warning is not repeated before some time has passed.
 */
final class Diagnosis {

	/** From when on a job has waited too long for a place. */
	static final long LONG_WAIT = TimeUnit.SECONDS.toNanos(30);

	/** From when on a timer is late, and not just behind others. */
	static final long LATE = TimeUnit.SECONDS.toNanos(1);

	/** How many runs in a row must have cost ticks. */
	static final int OVERLAPPED_RUNS = 3;

	static final long PAUSE = TimeUnit.MINUTES.toNanos(5);

	private static final Logger logger = LoggerFactory.getLogger(Diagnosis.class);

	private static final int HOLDERS_SHOWN = 3;

	/** How many stacks of bodies that ignore their interrupt are shown at a time. */
	static final int STUCK_SHOWN = 20;

	private final RateLimit late = new RateLimit(1);

	private final RateLimit stuck = new RateLimit(STUCK_SHOWN);

	/**
	 * A timer has fired.
	 * @param by how much too late, in nanoseconds
	 */
	void fired(long by, long now) {
		if (by >= LATE && this.late.permits(now)) {
			logger.warn("The clock is {} ms late, and so is whatever was due. Its thread was busy or got no "
					+ "processor: look at what else runs on it, at the load, at pauses of the garbage collector, and "
					+ "whether the machine was suspended", TimeUnit.NANOSECONDS.toMillis(by));
		}
	}

	/**
	 * A run has got its place, or sees another one wait for it.
	 * @param waited how long the run has waited since it was due, in nanoseconds
	 */
	void waited(JobRun<?> run, long waited) {
		if (waited < LONG_WAIT || !(run.venue() instanceof Pool pool)) {
			return;
		}
		long now = run.engine().clock().nanoTime();
		// What has waited because the pool was paused is nothing to warn of.
		if (pool.unpaused(now) >= LONG_WAIT && pool.saturation().permits(now)) {
			PoolSnapshot snapshot = pool.snapshot();
			logger.warn(
					"Job '{}' ({}) has waited {} s for a place in pool '{}' (active {} of {}, pending {}). Held by: {}",
					run.name(), run.id(), TimeUnit.NANOSECONDS.toSeconds(waited), snapshot.name(), snapshot.active(),
					snapshot.limit(), snapshot.pending(), holders(pool));
		}
	}

	/**
	 * The body of a run ignores its interrupt.
	 * @param thread the thread inside the body, or {@code null} if it has none
	 */
	void stuck(JobRun<?> run, @Nullable Thread thread) {
		long now = run.engine().clock().nanoTime();
		if (!this.stuck.permits(now)) {
			return;
		}
		String more = this.stuck.isSpent()
				? ". No more of these warnings for a while: ask the scheduler for what is overrunning" : "";
		if (thread == null) {
			logger.warn("Job '{}' ({}) in pool '{}' is over, but what its body returned ignores the cancellation and "
					+ "keeps its place{}", run.name(), run.id(), run.pool(), more);
			return;
		}
		StringBuilder stack = new StringBuilder();
		for (StackTraceElement element : thread.getStackTrace()) {
			stack.append(System.lineSeparator()).append("\tat ").append(element);
		}
		logger.warn("Job '{}' ({}) in pool '{}' is over, but its body ignores the interrupt and keeps its place{}:{}",
				run.name(), run.id(), run.pool(), more, stack);
	}

	/**
	 * A run of a periodic job has left, and ticks fell into it as into those before.
	 * @param ran how long the last run took, in nanoseconds
	 */
	void overlapped(PeriodicRegistration job, long ran) {
		logger.warn(
				"The periodic job '{}' takes longer than its schedule ({}) allows: ticks fell into each of its last "
						+ "{} runs, the last of which took {} ms. Let it tick less often, or see what makes it slow",
				job.name(), job.spec().schedule(), OVERLAPPED_RUNS, TimeUnit.NANOSECONDS.toMillis(ran));
	}

	private static String holders(Pool pool) {
		Map<String, Long> byName = pool.active()
			.stream()
			.collect(Collectors.groupingBy(JobRun::name, TreeMap::new, Collectors.counting()));
		return byName.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
			.limit(HOLDERS_SHOWN)
			.map((entry) -> entry.getKey() + " x " + entry.getValue())
			.collect(Collectors.joining(", ")) + ((byName.size() > HOLDERS_SHOWN) ? ", ..." : "");
	}

	/**
	 * Lets a few of many through, and the next ones only after a pause. Thread-safe.
	 */
	static final class RateLimit {

		private final int burst;

		private long since;

		private int count;

		RateLimit(int burst) {
			this.burst = burst;
		}

		synchronized boolean permits(long now) {
			if (this.count > 0 && now - this.since >= PAUSE) {
				this.count = 0;
			}
			if (this.count == 0) {
				this.since = now;
			}
			boolean permitted = this.count < this.burst;
			this.count += permitted ? 1 : 0;
			return permitted;
		}

		synchronized boolean isSpent() {
			return this.count == this.burst;
		}

	}

}
