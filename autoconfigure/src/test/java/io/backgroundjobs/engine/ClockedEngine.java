package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.TickResult;

/**
 * A scheduler whose time a test owns, and which notes when the runs of ticks started.
 */
final class ClockedEngine {

	static final Duration SECOND = Duration.ofSeconds(1);

	private final ManualClock clock = new ManualClock();

	private final List<Duration> lateness = new CopyOnWriteArrayList<>();

	private final JobEngine engine;

	private final Instant begin = this.clock.instant();

	ClockedEngine() {
		this((builder) -> {
		});
	}

	ClockedEngine(Consumer<JobEngineBuilder> settings) {
		JobEngineBuilder builder = new JobEngineBuilder().clock(this.clock).instance("one").recorder(new JobRecorder() {

			@Override
			public void late(Job<?> job, long late) {
				ClockedEngine.this.lateness.add(Duration.ofNanos(late));
			}

		});
		settings.accept(builder);
		this.engine = builder.build();
	}

	JobEngine engine() {
		return this.engine;
	}

	ManualClock clock() {
		return this.clock;
	}

	/**
	 * Return what time it is, counted from the first moment.
	 */
	Duration now() {
		return since(this.clock.instant());
	}

	Duration since(Instant instant) {
		return Duration.between(this.begin, instant);
	}

	/**
	 * Return when a job is due next, counted from the first moment.
	 */
	Duration next(PeriodicJobHandle job) {
		Instant next = job.nextRun();
		return (next != null) ? since(next) : Duration.ofSeconds(-1);
	}

	/**
	 * Let time pass, and wait after each timer for the jobs that it has set off.
	 */
	void pass(Duration time) throws InterruptedException {
		Duration left = time;
		for (Duration step = this.clock.toNextTimer(); step.compareTo(left) <= 0; step = this.clock.toNextTimer()) {
			this.clock.advance(step);
			awaitIdle();
			left = left.minus(step);
		}
		this.clock.advance(left);
		awaitIdle();
	}

	/**
	 * Let the process stand still, and wait for the jobs that its waking has set off.
	 */
	void standStill(Duration time) throws InterruptedException {
		this.clock.jump(time);
		awaitIdle();
	}

	/**
	 * Wait until no job is live, and all show their end.
	 */
	void awaitIdle() throws InterruptedException {
		Eventually.holds(() -> this.engine.jobs().isEmpty() && this.engine.isIdle());
	}

	/**
	 * Return how late the runs of ticks were, in their order.
	 */
	List<Duration> lateness() {
		return this.lateness;
	}

	/**
	 * Make a body that stops at a gate.
	 */
	static JobBody<?> at(Gate gate) {
		return (job) -> {
			gate.pass();
			return "passed";
		};
	}

	static long count(PeriodicJobHandle job, TickResult result) {
		Map<TickResult, Long> ticks = job.ticks();
		return ticks.get(result);
	}

	/**
	 * Return how many ticks have a result.
	 */
	static long sum(PeriodicJobHandle job) {
		return job.ticks().values().stream().mapToLong(Long::longValue).sum();
	}

}
