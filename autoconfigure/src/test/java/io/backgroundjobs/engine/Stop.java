package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.backgroundjobs.Job;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stop on a thread of its own, of an engine whose time a test owns.
 */
final class Stop {

	private final AtomicReference<ShutdownReport> report = new AtomicReference<>();

	private final ManualClock clock;

	private final Thread thread;

	private Stop(JobEngine engine, ManualClock clock) {
		this.clock = clock;
		this.thread = new Thread(() -> this.report.set(engine.stop()));
	}

	/**
	 * Call {@code stop()}, and wait until it waits.
	 */
	static Stop begin(JobEngine engine, ManualClock clock) throws InterruptedException {
		Stop stop = start(engine, clock);
		Eventually.waits(stop.thread);
		return stop;
	}

	/**
	 * Call {@code stop()}, and wait until it has begun.
	 */
	static Stop start(JobEngine engine, ManualClock clock) throws InterruptedException {
		Stop stop = new Stop(engine, clock);
		stop.thread.start();
		Eventually.holds(() -> !engine.isRunning());
		return stop;
	}

	boolean goesOn() {
		return this.thread.isAlive();
	}

	/**
	 * Wait for the end.
	 */
	ShutdownReport end() throws InterruptedException {
		this.thread.join();
		ShutdownReport result = this.report.get();
		assertThat(result.jobs()).extracting(Entry::id).doesNotHaveDuplicates();
		return result;
	}

	/**
	 * Let time pass until the end.
	 */
	ShutdownReport passUntilEnd() throws InterruptedException {
		Eventually.holds(() -> {
			this.clock.advance(Duration.ofMillis(100));
			return !goesOn();
		});
		return end();
	}

	static Fate fate(ShutdownReport report, Job<?> job) {
		return report.jobs().stream().filter((entry) -> entry.id().equals(job.id())).findFirst().orElseThrow().fate();
	}

}
