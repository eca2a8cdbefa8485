package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * The work of one periodic job: it holds each run against the instant at which it ought
 * to start. All contenders are measured so, from within the body: the n-th run is held
 * against the n-th instant, so that whoever leaves one out is late from then on.
 */
final class Beat implements Runnable {

	private final long every;

	private final LongConsumer lateness;

	private final AtomicInteger runs = new AtomicInteger();

	private volatile long first;

	/**
	 * Create the work.
	 * @param every the interval
	 * @param lateness takes the lateness of each run in nanoseconds, by any thread
	 */
	Beat(Duration every, LongConsumer lateness) {
		this.every = every.toNanos();
		this.lateness = lateness;
	}

	/**
	 * Hand the work over.
	 * @param asked when the first run ought to start
	 */
	void start(Repeater repeater, String name, long asked) throws Exception {
		this.first = repeater.repeat(name, asked, Duration.ofNanos(this.every), this);
	}

	@Override
	public void run() {
		long started = System.nanoTime();
		int earlier = this.runs.getAndIncrement();
		this.lateness.accept(started - this.first - earlier * this.every);
	}

	/**
	 * Return how many instants were named up to then.
	 */
	long named(long time) {
		return Math.floorDiv(time - this.first, this.every) + 1;
	}

	int runs() {
		return this.runs.get();
	}

}
