package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Jobs that run each second, their phases spread evenly over it.
 *
 * @param jobs how many
 * @param blocking how many of them block for half a second in each run
 */
record PeriodicLoad(int jobs, int blocking) {

	private static final Duration EVERY = Duration.ofSeconds(1);

	private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);

	/**
	 * Measure a contender: the lateness of the jobs that do not block, and what all of
	 * them cost. It lives twice: its first life warms up the JVM, also for the
	 * registration of jobs, since in what this takes the instants that a contender names
	 * differ from those that it was asked for.
	 */
	List<Reading> measure(String contender, Effort effort) throws Exception {
		PeriodicLoad load = new PeriodicLoad(effort.of(this.jobs, 10), effort.of(this.blocking, this.blocking / 100));
		Recorder lateness = new Recorder(LONGEST, 3);
		try (Repeater repeater = Repeaters.open(contender)) {
			load.start(repeater, lateness, effort);
			Thread.sleep(effort.of(3_000, 50));
		}
		System.gc();
		try (Repeater repeater = Repeaters.open(contender)) {
			List<Beat> beats = load.start(repeater, lateness, effort);
			Thread.sleep(effort.of(1_000, 50));
			lateness.reset();
			long earlier = runs(beats);
			Spent before = Spent.now();
			Measured measured = Measured.begins();
			Thread.sleep(effort.of(10_000, 300));
			measured.ends();
			Spent spent = Spent.now().since(before);
			long runs = runs(beats) - earlier;
			Histogram late = lateness.getIntervalHistogram();
			return List.of(new Reading("runs made", "%", 100 * made(beats)),
					new Reading("late at p50", "ns", late.getValueAtPercentile(50)),
					new Reading("late at p99", "ns", late.getValueAtPercentile(99)),
					new Reading("late at most", "ns", late.getMaxValue()), new Reading("cores", "", spent.cores()),
					new Reading("memory a run", "bytes", (double) spent.bytes() / runs));
		}
	}

	/**
	 * Hand the jobs over, and wait for the first instant.
	 */
	private List<Beat> start(Repeater repeater, Recorder lateness, Effort effort) throws Exception {
		// A run that starts early, as Quartz's may by two milliseconds, is not late.
		LongConsumer record = (late) -> lateness.recordValue(Math.min(Math.max(0, late), LONGEST));
		List<Beat> beats = new ArrayList<>(this.jobs);
		long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(effort.of(1_000 + this.jobs / 30, 150));
		for (int i = 0; i < this.jobs; i++) {
			Beat beat = new Beat(EVERY, isBlocking(i) ? PeriodicLoad::block : record);
			beat.start(repeater, "job-" + i, begin + i * EVERY.toNanos() / this.jobs);
			beats.add(beat);
		}
		long left = begin - System.nanoTime();
		if (left < 0) {
			throw new IllegalStateException("The jobs were taken only after the first of them was due");
		}
		TimeUnit.NANOSECONDS.sleep(left);
		return beats;
	}

	private boolean isBlocking(int job) {
		return this.blocking > 0 && job % (this.jobs / this.blocking) == 0;
	}

	private static void block(long late) {
		try {
			Thread.sleep(500);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return how many of the runs were started that ought to have been by now, a tenth of
	 * a second aside.
	 */
	private static double made(List<Beat> beats) throws InterruptedException {
		long now = System.nanoTime();
		Thread.sleep(100);
		long named = beats.stream().mapToLong((beat) -> beat.named(now)).sum();
		return (double) beats.stream().mapToLong((beat) -> Math.min(beat.named(now), beat.runs())).sum() / named;
	}

	private static long runs(List<Beat> beats) {
		return beats.stream().mapToLong(Beat::runs).sum();
	}

	@Override
	public String toString() {
		String jobs = String.format(Locale.ROOT, "%,d jobs", this.jobs);
		return (this.blocking > 0) ? jobs + ", " + this.blocking + " of them blocking" : jobs;
	}

}
