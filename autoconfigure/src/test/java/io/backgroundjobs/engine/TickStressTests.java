package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several threads change periodic jobs at random whose ticks hang on one timer, while
 * another one moves the clock. {@code -Dstress.seed=…} repeats the steps of a run,
 * {@code -Dstress.steps=…} makes it longer.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TickStressTests {

	private static final Logger logger = LoggerFactory.getLogger(TickStressTests.class);

	private static final int DRIVERS = 3;

	private static final int JOBS = 40;

	private static final int STEPS = Integer.getInteger("stress.steps", 3000);

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private final long seed = Long.getLong("stress.seed", System.nanoTime());

	private final ManualClock clock = new ManualClock();

	private final Map<String, Long> recorded = new ConcurrentHashMap<>();

	private final JobEngine engine = new JobEngineBuilder().clock(new QueuedClock(this.clock))
		.pool(PoolSpec.named("default").withLimit(4 * JOBS))
		.recorder(new JobRecorder() {

			@Override
			public void ticked(String name, TickResult result, long count) {
				TickStressTests.this.recorded.merge(name, count, Long::sum);
			}

		})
		.build();

	@AfterEach
	void stop() {
		this.engine.stop();
		assertThat(this.clock.timers()).as("seed %d", this.seed).isZero();
	}

	@Test
	void eachInstantHasOneResultWhateverBecomesOfTheRuns() throws Exception {
		List<PeriodicJobHandle> jobs = addJobs();
		long begin = this.clock.nanoTime();
		this.engine.start();
		drive((random) -> {
			PeriodicJobHandle job = jobs.get(random.nextInt(JOBS));
			switch (random.nextInt(8)) {
				case 0 -> job.pause();
				case 1, 2 -> job.resume();
				case 3 -> trigger(job);
				case 4 -> this.engine.jobs().stream().findAny().ifPresent(Job::cancel);
				case 5 -> churn(random, "other-" + random.nextInt(10));
				default -> Thread.yield();
			}
		});
		awaitIdle();
		long instants = (this.clock.nanoTime() - begin) / INTERVAL.toNanos() + 1;
		assertThat(jobs).as("seed %d", this.seed).allSatisfy((job) -> {
			assertThat(ClockedEngine.sum(job)).isEqualTo(instants);
			assertThat(this.recorded).containsEntry(job.name(), instants);
		});
	}

	@Test
	void noTickIsLostOrComesTwiceAfterStopsAndSchedulesThatChange() throws Exception {
		List<PeriodicJobHandle> jobs = addJobs();
		this.engine.start();
		drive((random) -> {
			PeriodicJobHandle job = jobs.get(random.nextInt(JOBS));
			switch (random.nextInt(8)) {
				case 0 -> this.engine.stopTicking();
				case 1, 2 -> this.engine.startTicking();
				case 3 -> job.reschedule(new JobSchedule.FixedRate(INTERVAL));
				case 4 -> churn(random, "other-" + random.nextInt(10));
				default -> Thread.yield();
			}
		});
		this.engine.stopTicking();
		awaitIdle();
		assertThat(this.clock.timers()).as("seed %d", this.seed).isZero();
		List<Long> stopped = sums(jobs);
		this.clock.advance(INTERVAL.multipliedBy(10));
		assertThat(sums(jobs)).as("seed %d", this.seed).isEqualTo(stopped);
		this.engine.startTicking();
		this.clock.advance(INTERVAL);
		awaitIdle();
		List<Long> begun = sums(jobs);
		this.clock.advance(INTERVAL.multipliedBy(10));
		awaitIdle();
		assertThat(sums(jobs)).as("seed %d", this.seed).isEqualTo(begun.stream().map((sum) -> sum + 10).toList());
	}

	private List<PeriodicJobHandle> addJobs() {
		logger.info("Seed {}", this.seed);
		List<PeriodicJobHandle> jobs = new ArrayList<>();
		OverlapPolicy[] overlaps = OverlapPolicy.values();
		for (int i = 0; i < JOBS; i++) {
			jobs.add(this.engine.addPeriodic(
					PeriodicJobSpec.named("job-" + i).every(INTERVAL).overlap(overlaps[i % overlaps.length]),
					Thread::yield));
		}
		return jobs;
	}

	/**
	 * Let several threads take their steps, and time pass meanwhile.
	 */
	private void drive(Consumer<Random> step) throws Exception {
		Random seeds = new Random(this.seed);
		List<FutureTask<Void>> drivers = new ArrayList<>();
		for (int i = 0; i < DRIVERS; i++) {
			Random random = new Random(seeds.nextLong());
			FutureTask<Void> driver = new FutureTask<>(() -> {
				for (int taken = 0; taken < STEPS; taken++) {
					step.accept(random);
				}
				return null;
			});
			drivers.add(driver);
			new Thread(driver, "stress-driver-" + i).start();
		}
		Random random = new Random(seeds.nextLong());
		while (!drivers.stream().allMatch(FutureTask::isDone)) {
			this.clock.advance(Duration.ofNanos(random.nextInt(20_000_000)));
			// Time does not outrun the runs.
			Eventually.holds(() -> this.engine.jobs().size() < JOBS);
		}
		for (FutureTask<Void> driver : drivers) {
			driver.get();
		}
	}

	/**
	 * Add or replace a job, and maybe take it away again.
	 */
	private void churn(Random random, String name) {
		PeriodicJobSpec spec = PeriodicJobSpec.named(name).replacing();
		Duration interval = Duration.ofMillis(1 + random.nextInt(300));
		PeriodicJobHandle job = this.engine
			.addPeriodic(random.nextBoolean() ? spec.every(interval) : spec.fixedDelay(interval), Thread::yield);
		if (random.nextBoolean()) {
			job.remove();
			assertThat(job.nextRun()).as("seed %d", this.seed).isNull();
		}
	}

	private static void trigger(PeriodicJobHandle job) {
		try {
			job.trigger();
		}
		catch (JobRejectedException ex) {
			// One of the things that may happen.
			Thread.yield();
		}
	}

	private void awaitIdle() throws InterruptedException {
		Eventually.holds(() -> this.engine.jobs().isEmpty() && this.engine.isIdle());
	}

	private static List<Long> sums(List<PeriodicJobHandle> jobs) {
		return jobs.stream().map(ClockedEngine::sum).toList();
	}

}
