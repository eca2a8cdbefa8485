package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A seeded random mix of everything that touches places, on two pools at once. Prints its
 * seed; {@code -Dstress.seed=…} runs one again, {@code -Dstress.steps=…} makes it longer.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PlacesStressTests {

	private static final Logger logger = LoggerFactory.getLogger(PlacesStressTests.class);

	private static final int DRIVERS = 4;

	private static final int STEPS = Integer.getInteger("stress.steps", 1500);

	private static final int PENDING_LIMIT = 20;

	@RepeatedTest(2)
	void limitHoldsAtEveryMomentAndNothingIsLeft() throws Exception {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		logger.info("Stress of places, seed {}", seed);
		CountedTurns turns = new CountedTurns();
		JobEngine engine = new JobEngineBuilder().listener(turns).exceptionHandler((job, failure) -> {
		})
			.pool(PoolBench.pool("default", 3)
				.withPendingLimit(PENDING_LIMIT)
				.withOverflowTimeout(Duration.ofMillis(20)))
			.pool(PoolBench.pool("other", 2).withPendingLimit(PENDING_LIMIT).withOverflow(OverflowPolicy.CALLER_RUNS))
			.build();
		engine.start();
		try {
			StressedPool[] pools = { new StressedPool(engine, "default", 3), new StressedPool(engine, "other", 2) };
			drive(engine, pools, seed);
			assertAllIsOver(engine, turns);
			for (StressedPool pool : pools) {
				pool.assertNeverTooMany();
				assertRoomIsExact(engine, pool.name());
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError("Seed " + seed + ": it does not come to an end; left are " + engine.jobs() + " in "
					+ engine.pools(), ex);
		}
		finally {
			engine.stop();
		}
	}

	private static void drive(JobEngine engine, StressedPool[] pools, long seed) throws Exception {
		List<FutureTask<Void>> drivers = new ArrayList<>();
		Random seeds = new Random(seed);
		for (int i = 0; i < DRIVERS; i++) {
			StressDriver driver = new StressDriver(engine, pools, new Random(seeds.nextLong()), STEPS);
			FutureTask<Void> task = new FutureTask<>(driver);
			drivers.add(task);
			new Thread(task, "stress-driver-" + i).start();
		}
		Random random = new Random(seeds.nextLong());
		while (!drivers.stream().allMatch(FutureTask::isDone)) {
			StressedPool pool = pools[random.nextInt(pools.length)];
			if (random.nextInt(4) == 0) {
				engine.pausePool(pool.name());
				Thread.yield();
				engine.resumePool(pool.name());
			}
			else {
				pool.resize(1 + random.nextInt(4));
			}
		}
		for (FutureTask<Void> driver : drivers) {
			driver.get();
		}
	}

	private static void assertAllIsOver(JobEngine engine, CountedTurns turns) throws InterruptedException {
		Eventually.holds(() -> engine.jobs().isEmpty());
		Eventually.holds(() -> engine.pools()
			.stream()
			.allMatch((pool) -> pool.active() + pool.pending() + pool.overrunning() + pool.callerRuns() == 0));
		Eventually.holds(turns::isEachEnded);
		turns.assertEachEndedOnce();
	}

	/**
	 * Each place and each slot can be taken again, and not one more.
	 */
	private static void assertRoomIsExact(JobEngine engine, String pool) throws InterruptedException {
		Gate gate = new Gate();
		try {
			engine.resizePool(pool, 3);
			for (int i = 0; i < 3 + PENDING_LIMIT; i++) {
				assertThat(engine.trySpawn(PoolBench.in(pool), PoolBench.through(gate))).as("job %d", i).isPresent();
			}
			assertThat(engine.trySpawn(PoolBench.in(pool), PoolBench.through(gate))).isEmpty();
			gate.awaitEntered(3);
			assertThat(PoolBench.look(engine, pool))
				.isEqualTo(new PoolSnapshot(pool, 3, 3, PENDING_LIMIT, PENDING_LIMIT, 0, 0, false));
			assertThat(gate.entered()).isZero();
		}
		finally {
			gate.open(1000);
		}
		Eventually.holds(() -> PoolBench.look(engine, pool).active() == 0);
	}

}
