package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.FixedRateTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.scheduling.support.ScheduledMethodRunnable;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.engine.JobEngineBuilder;

/**
 * Those who run work at a fixed rate, by name. Ours has its pool as it comes; Spring's
 * have two threads unless they say otherwise.
 */
final class Repeaters {

	static final String METERED = Cell.OURS + ", with meters";

	/** In a JVM that collects new objects less often. */
	static final String ROOM_FOR_NEW = Cell.OURS + ", -Xmn1g";

	static final String TASK_SCHEDULER = "ThreadPoolTaskScheduler";

	static final String TASK_SCHEDULER_64 = TASK_SCHEDULER + ", 64 threads";

	static final String SCHEDULED = "@Scheduled";

	static final String QUARTZ = "Quartz";

	private static final Map<String, Callable<Repeater>> ALL = new HashMap<>();

	static {
		ALL.put(Cell.OURS, () -> jobs(new JobEngineBuilder()));
		ALL.put(METERED, () -> jobs(Takers.withMeters()));
		ALL.put(ROOM_FOR_NEW, () -> jobs(new JobEngineBuilder()));
		ALL.put(TASK_SCHEDULER, () -> tasks(2));
		ALL.put(TASK_SCHEDULER_64, () -> tasks(64));
		ALL.put(SCHEDULED, () -> methods(2));
		ALL.put(QUARTZ, QuartzInMemory::new);
	}

	private Repeaters() {
	}

	static Repeater open(String name) throws Exception {
		return Objects.requireNonNull(ALL.get(name), name).call();
	}

	private static Repeater jobs(JobEngineBuilder builder) {
		BackgroundJobScheduler scheduler = builder.build();
		scheduler.start();
		return new Delaying((name, delay, every, work) -> scheduler
			.addPeriodic(PeriodicJobSpec.named(name).every(every).initialDelay(delay), work), scheduler::close);
	}

	// The work throws nothing that a future could hide.
	@SuppressWarnings("FutureReturnValueIgnored")
	private static Repeater tasks(int threads) {
		ThreadPoolTaskScheduler scheduler = scheduler(threads);
		return new Delaying(
				(name, delay, every, work) -> scheduler.scheduleAtFixedRate(work, Instant.now().plus(delay), every),
				scheduler::shutdown);
	}

	/**
	 * The annotation cannot give each of many beans an initial delay of its own, so this
	 * does with each of them what the post-processor of the annotation does.
	 */
	private static Repeater methods(int threads) {
		ThreadPoolTaskScheduler scheduler = scheduler(threads);
		ScheduledTaskRegistrar registrar = new ScheduledTaskRegistrar();
		registrar.setTaskScheduler(scheduler);
		return new Delaying(
				(name, delay, every, work) -> registrar
					.scheduleFixedRateTask(new FixedRateTask(new ScheduledMethodRunnable(work, "run"), every, delay)),
				scheduler::shutdown);
	}

	private static ThreadPoolTaskScheduler scheduler(int threads) {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setPoolSize(threads);
		scheduler.initialize();
		return scheduler;
	}

	/**
	 * Someone who is told the time to the first run.
	 */
	private record Delaying(Start start, Runnable end) implements Repeater {

		@Override
		public long repeat(String name, long first, Duration every, Runnable work) throws Exception {
			this.start.start(name, Duration.ofNanos(first - System.nanoTime()), every, work);
			return first;
		}

		@Override
		public void close() {
			this.end.run();
		}

	}

	@FunctionalInterface
	private interface Start {

		void start(String name, Duration delay, Duration every, Runnable work) throws Exception;

	}

}
