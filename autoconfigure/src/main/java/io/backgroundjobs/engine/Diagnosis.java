package io.backgroundjobs.engine;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

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

	private final RateLimit late = new RateLimit();

	/**
	 * A timer has fired.
	 * @param by how much too late, in nanoseconds
	 */
	void fired(long by, long now) {
		if (by >= LATE && this.late.permits(now)) {
			logger.warn(
					"The clock is {} ms late, and so is whatever was due. Its thread got no processor: look at the "
							+ "load, at pauses of the garbage collector, and whether the machine was suspended",
					TimeUnit.NANOSECONDS.toMillis(by));
		}
	}

	/**
	 * A run has got its place, or sees another one wait for it.
	 * @param waited how long the run has waited since it was due, in nanoseconds
	 */
	void waited(JobRun<?> run, long waited) {
		if (waited >= LONG_WAIT && run.venue() instanceof Pool pool
				&& pool.saturation().permits(run.engine().clock().nanoTime())) {
			PoolSnapshot snapshot = pool.snapshot();
			logger.warn(
					"Job '{}' ({}) has waited {} s for a place in pool '{}' ({}active {} of {}, pending {}). Held by: {}",
					run.name(), run.id(), TimeUnit.NANOSECONDS.toSeconds(waited), snapshot.name(),
					snapshot.paused() ? "paused, " : "", snapshot.active(), snapshot.limit(), snapshot.pending(),
					holders(pool));
		}
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
	 * Lets one of many through, and the next one only after a pause.
	 */
	static final class RateLimit {

		private static final long NEVER = Long.MIN_VALUE;

		private final AtomicLong last = new AtomicLong(NEVER);

		boolean permits(long now) {
			long seen = this.last.get();
			return (seen == NEVER || now - seen >= PAUSE) && this.last.compareAndSet(seen, now);
		}

	}

}
