package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets a cancel, a timeout, a start and an end of the same run meet, again and again: one
 * of them wins, the job ends once, and its place is given back once.
 * {@code -Dstress.rounds=…} makes it longer, {@code -Dstress.seed=…} repeats one.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RunRaceTests {

	private static final Logger logger = LoggerFactory.getLogger(RunRaceTests.class);

	private static final int ROUNDS = Integer.getInteger("stress.rounds", 1500);

	/** Enough for each of those that race to come first now and then. */
	private static final int SPINS = 4000;

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final RetryPolicy ONCE = RetryPolicy.builder().maxRetries(1).delay(Duration.ZERO).build();

	private final long seed = Long.getLong("stress.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private final ManualClock clock = new ManualClock();

	private final CountedTurns turns = new CountedTurns();

	private final CyclicBarrier line = new CyclicBarrier(3);

	private final AtomicReference<Job<?>> current = new AtomicReference<>();

	private volatile boolean over;

	private volatile boolean cancelled;

	private JobEngine engine;

	@BeforeEach
	void start() {
		logger.info("Races of a run, seed {}", this.seed);
		this.engine = new JobEngineBuilder().clock(this.clock).listener(this.turns).exceptionHandler((job, failure) -> {
		}).pool(PoolBench.pool(1).withPendingLimit(1)).build();
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void cancelAndTimeoutAndEndMeet() throws Exception {
		race(JobOptions.named("any").timeout(TIMEOUT));
	}

	@Test
	void cancelAndTimeoutAndTheNextAttemptMeet() throws Exception {
		race(JobOptions.named("any").timeout(TIMEOUT).retry(ONCE));
	}

	@Test
	void cancelAndTheDelaysEndMeet() throws Exception {
		race(JobOptions.named("any").delay(TIMEOUT).timeout(TIMEOUT));
	}

	@Test
	void cancelAndEndOfAKeyedJobMeetAndTheKeyIsFree() throws Exception {
		race(JobOptions.named("any").timeout(TIMEOUT).key("key", OnDuplicate.REJECT));
	}

	private void race(JobOptions options) throws Exception {
		FutureTask<Void> canceller = racer(() -> this.cancelled = this.current.get().cancel());
		FutureTask<Void> time = racer(() -> this.clock.advance(TIMEOUT));
		Map<JobOutcome, Integer> outcomes = new EnumMap<>(JobOutcome.class);
		List<Job<?>> jobs = new ArrayList<>();
		for (int i = 0; i < ROUNDS; i++) {
			Job<?> job = this.engine.trySpawn(options, body()).orElseThrow();
			CompletableFuture<?> future = job.toFuture();
			this.current.set(job);
			this.line.await();
			this.line.await();
			if (!options.delay().isZero() || options.retry() != null) {
				Eventually.holds(() -> {
					this.clock.advance(TIMEOUT);
					return future.isDone();
				});
			}
			assertOver(job, future);
			outcomes.merge(job.outcome(), 1, Integer::sum);
			jobs.add(job);
		}
		this.over = true;
		this.line.await();
		canceller.get();
		time.get();
		Eventually.holds(this.turns::isEachEnded);
		this.turns.assertEachEndedOnce();
		assertThat(jobs).allMatch((job) -> this.turns.ends(job) == 1);
		logger.info("Outcomes {}", outcomes);
	}

	private void assertOver(Job<?> job, CompletableFuture<?> future) throws InterruptedException {
		Eventually.holds(future::isDone);
		JobOutcome outcome = job.outcome();
		assertThat(outcome).isNotNull();
		assertThat(outcome == JobOutcome.CANCELLED).isEqualTo(this.cancelled);
		assertThat(future.isCompletedExceptionally()).isEqualTo(outcome != JobOutcome.SUCCEEDED);
		PoolSnapshot empty = new PoolSnapshot("default", 1, 0, 0, 1, 0, 0, false);
		Eventually.holds(() -> PoolBench.look(this.engine).equals(empty));
		Eventually.holds(() -> this.clock.timers() == 0);
		assertThat(this.engine.jobs()).isEmpty();
		assertThat(((LocalJobEngine) this.engine).heldKeys()).isZero();
		assertThat(job.outcome()).isEqualTo(outcome);
	}

	private JobBody<Integer> body() {
		int spins = this.random.nextInt(SPINS);
		int end = this.random.nextInt(3);
		return (job) -> {
			for (int i = 0; i < spins; i++) {
				Thread.onSpinWait();
			}
			if (end == 0) {
				throw new IllegalStateException("one of the things that may happen");
			}
			return Thread.currentThread().isInterrupted() ? 1 : 2;
		};
	}

	private FutureTask<Void> racer(Runnable step) {
		Random own = new Random(this.random.nextLong());
		FutureTask<Void> task = new FutureTask<>(() -> {
			while (true) {
				this.line.await();
				if (this.over) {
					return null;
				}
				for (int i = own.nextInt(SPINS); i > 0; i--) {
					Thread.onSpinWait();
				}
				step.run();
				this.line.await();
			}
		});
		new Thread(task, "racer").start();
		return task;
	}

}
