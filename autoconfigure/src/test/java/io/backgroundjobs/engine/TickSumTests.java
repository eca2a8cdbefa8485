package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each instant that a schedule names has exactly one result, whatever happens:
 * random time, pauses, triggers, cancels and ends, for each policy and each schedule. The
 * system property {@code stress.rounds} gives it longer, {@code stress.seed} repeats one.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TickSumTests {

	private static final int STEPS = 100 * Integer.getInteger("stress.rounds", 1);

	/**
	 * Longer than a step in which time passes, so that a pause begins and ends in two.
	 */
	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final long seed = Long.getLong("stress.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private final List<String> steps = new ArrayList<>(List.of("-Dstress.seed=" + this.seed));

	private final ExecutorService executor = Executors.newFixedThreadPool(2);

	private final Semaphore permits = new Semaphore(0);

	private final ClockedEngine time = new ClockedEngine((builder) -> withAnyAlarms(builder)
		.pool(PoolSpec.named("default").withLimit(1).withPendingLimit(1).withOverflow(OverflowPolicy.REJECT))
		.exceptionHandler((job, failure) -> {
		}));

	private final JobEngine engine = this.time.engine();

	private final ManualClock clock = this.time.clock();

	private long named;

	@AfterEach
	void stop() {
		this.permits.release(1_000_000);
		this.engine.stop();
		this.executor.shutdown();
	}

	@ParameterizedTest
	@MethodSource("specs")
	void resultsAddUpToTheInstantsNamed(String description, PeriodicJobSpec given, boolean onExecutor)
			throws Exception {
		PeriodicJobSpec spec = onExecutor ? given.executor(this.executor) : given;
		PeriodicJobHandle job = this.engine.addPeriodic(spec, (context) -> work());
		this.engine.start();
		for (int i = 0; i < STEPS; i++) {
			step(job);
			assertThat(ClockedEngine.sum(job)).as(this.steps::toString).isLessThanOrEqualTo(this.named);
		}
		this.permits.release(1_000_000);
		this.time.awaitIdle();
		assertThat(ClockedEngine.sum(job)).as(() -> this.steps + " " + job.ticks()).isEqualTo(this.named).isPositive();
		if (spec.overlap() != OverlapPolicy.CONCURRENT) {
			assertThat(job.ticks()).containsEntry(TickResult.POOL_FULL, 0L);
		}
		this.engine.stop();
		assertThat(this.clock.timers()).isZero();
	}

	/**
	 * Alarms that are a timer each, or that hang on one.
	 */
	private JobEngineBuilder withAnyAlarms(JobEngineBuilder builder) {
		boolean queued = this.random.nextBoolean();
		this.steps.add(queued ? "one timer" : "timers");
		return (queued && builder.clock instanceof ManualClock manual) ? builder.clock(new QueuedClock(manual))
				: builder;
	}

	static List<Object[]> specs() {
		List<Object[]> specs = new ArrayList<>();
		PeriodicJobSpec base = PeriodicJobSpec.named("tick");
		List<PeriodicJobSpec> schedules = List.of(base.every(INTERVAL), base.fixedDelay(INTERVAL),
				base.cron("*/10 * * * * *", ZoneOffset.UTC),
				base.trigger((context) -> context.getClock().instant().plus(INTERVAL)));
		for (PeriodicJobSpec schedule : schedules) {
			for (OverlapPolicy overlap : OverlapPolicy.values()) {
				for (MissedRunPolicy missed : MissedRunPolicy.values()) {
					PeriodicJobSpec spec = schedule.overlap(overlap).missed(missed);
					String description = schedule.schedule().getClass().getSimpleName() + " " + overlap + " " + missed;
					specs.add(new Object[] { description, spec, false });
					specs.add(new Object[] { description + " on an executor", spec, true });
				}
			}
		}
		return specs;
	}

	private void step(PeriodicJobHandle job) {
		switch (this.random.nextInt(15)) {
			case 0 -> {
				this.steps.add("pause");
				job.pause();
			}
			case 1, 2 -> {
				this.steps.add("resume");
				job.resume();
			}
			case 3 -> trigger(job);
			case 4 -> {
				this.steps.add("cancel");
				this.engine.jobs().stream().findAny().ifPresent(Job::cancel);
			}
			case 5 -> {
				this.steps.add("spawn");
				this.engine.trySpawn(JobOptions.named("other"), (context) -> work());
			}
			case 6, 7, 8 -> {
				this.steps.add("end");
				this.permits.release(1 + this.random.nextInt(3));
			}
			case 9 -> {
				this.steps.add("stop and start");
				this.engine.stopTicking();
				this.engine.startTicking();
			}
			case 10 -> {
				this.steps.add("reschedule");
				job.reschedule(job.spec().schedule());
			}
			case 11 -> pass(job, Duration.ofMillis(this.random.nextInt(60_000)), true);
			default -> pass(job, Duration.ofMillis(this.random.nextInt(9_999)), false);
		}
	}

	private void trigger(PeriodicJobHandle job) {
		this.steps.add("trigger");
		try {
			job.trigger();
		}
		catch (JobRejectedException ex) {
			this.steps.add(ex.reason().toString());
		}
	}

	/**
	 * Let time pass, and count the instants that the schedule names meanwhile. One that
	 * is known only when a run has left is always more than a step away.
	 */
	private void pass(PeriodicJobHandle job, Duration length, boolean jump) {
		boolean oneByOne = isOneByOne(job.spec().schedule());
		Duration step = (oneByOne && length.compareTo(INTERVAL) >= 0) ? INTERVAL.minusMillis(1) : length;
		this.steps.add((jump ? "jump " : "advance ") + step);
		Instant next = job.nextRun();
		Instant target = this.clock.instant().plus(step);
		if (jump) {
			this.clock.jump(step);
		}
		else {
			this.clock.advance(step);
		}
		if (oneByOne) {
			// Only the tick itself takes away what was named.
			this.named += (next != null && !next.equals(job.nextRun())) ? 1 : 0;
		}
		else if (next != null && !next.isAfter(target)) {
			this.named += Duration.between(next, target).dividedBy(INTERVAL) + 1;
		}
	}

	private static boolean isOneByOne(JobSchedule schedule) {
		return schedule instanceof JobSchedule.FixedDelay || schedule instanceof JobSchedule.Custom;
	}

	private String work() throws InterruptedException {
		this.permits.acquire();
		if (ThreadLocalRandom.current().nextInt(5) == 0) {
			throw new IllegalStateException("now and then");
		}
		return "passed";
	}

}
