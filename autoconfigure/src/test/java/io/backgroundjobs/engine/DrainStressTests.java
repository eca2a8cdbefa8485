package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Stops a scheduler at a random moment of a random load, and looks for lost jobs. More
 * rounds with {@code -Dstress.rounds}, the same ones again with {@code -Dstress.seed}.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DrainStressTests {

	private static final Logger logger = LoggerFactory.getLogger(DrainStressTests.class);

	private static final int SPAWNERS = 3;

	private static final int CHAINED_POOLS = 6;

	@Test
	void nothingIsLostWheneverTheStopComes() throws Exception {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		int rounds = Integer.getInteger("stress.rounds", 150);
		logger.info("Seed {}", seed);
		for (int i = 0; i < rounds; i++) {
			round(seed + i);
		}
	}

	@Test
	void chainOfJobsAcrossPoolsIsFollowedToItsEnd() {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		int rounds = Integer.getInteger("stress.rounds", 150);
		logger.info("Seed {}", seed);
		for (int i = 0; i < rounds; i++) {
			Random random = new Random(seed + i);
			JobEngineBuilder builder = new JobEngineBuilder().shutdown(Duration.ofSeconds(20), Duration.ofSeconds(20),
					Duration.ofSeconds(1));
			for (int pool = 0; pool < CHAINED_POOLS; pool++) {
				builder.pool(PoolBench.pool("pool-" + pool, 1));
			}
			JobEngine engine = builder.build();
			engine.start();
			AtomicInteger left = new AtomicInteger(100 + random.nextInt(400));
			engine.spawn(JobOptions.named("link").pool("pool-0"), (job) -> nextLink(engine, random, left));
			ShutdownReport report = engine.stop();
			assertThat(left).as("seed %d: links that were not followed", seed + i).hasValue(0);
			assertThat(report.jobs()).as("seed %d", seed + i)
				.allMatch((entry) -> entry.outcome() == JobOutcome.SUCCEEDED);
		}
	}

	private static @Nullable Object nextLink(JobEngine engine, Random random, AtomicInteger left) {
		if (left.decrementAndGet() > 0) {
			engine.spawn(JobOptions.named("link").pool("pool-" + random.nextInt(CHAINED_POOLS)),
					(job) -> nextLink(engine, random, left));
		}
		return null;
	}

	private static void round(long seed) throws Exception {
		Random random = new Random(seed);
		boolean listens = random.nextBoolean();
		JobEngineBuilder builder = new JobEngineBuilder().pool(PoolBench.pool("default", 1 + random.nextInt(4)))
			.pool(PoolBench.pool("other", 2).withPendingLimit(3).withOverflowTimeout(Duration.ofMillis(1)))
			.historySize(100_000)
			.exceptionHandler((job, failure) -> {
			})
			.shutdown(Duration.ofMillis(random.nextInt(8)), Duration.ofMillis(8 + random.nextInt(8)),
					Duration.ofSeconds(10));
		if (listens) {
			builder.listener(new CountedTurns());
		}
		JobEngine engine = builder.build();
		engine.start();
		Queue<Job<?>> accepted = new ConcurrentLinkedQueue<>();
		AtomicBoolean stopped = new AtomicBoolean();
		CountDownLatch left = new CountDownLatch(SPAWNERS);
		for (int s = 0; s < SPAWNERS; s++) {
			Random own = new Random(seed * 31 + s);
			new Thread(() -> {
				while (!stopped.get()) {
					spawn(engine, own, accepted, 0);
				}
				left.countDown();
			}).start();
		}
		long begin = System.nanoTime();
		long load = TimeUnit.MICROSECONDS.toNanos(random.nextInt(6000));
		while (System.nanoTime() - begin < load) {
			Thread.onSpinWait();
		}
		ShutdownReport report = engine.stop();
		for (Job<?> job : accepted) {
			assertThat(job.state().isEnded()).as("seed %d: %s after the stop", seed, job).isTrue();
		}
		stopped.set(true);
		left.await();
		check(seed, engine, report, accepted);
	}

	private static void check(long seed, JobEngine engine, ShutdownReport report, Queue<Job<?>> accepted)
			throws InterruptedException {
		Map<String, Entry> entries = report.jobs().stream().collect(Collectors.toMap(Entry::id, Function.identity()));
		assertThat(report.jobs(Fate.STILL_RUNNING)).as("seed %d", seed).isEmpty();
		Set<String> known = new HashSet<>();
		for (Job<?> job : accepted) {
			known.add(job.id());
			Entry entry = entries.get(job.id());
			assertThat(job.state().isEnded()).as("seed %d: %s", seed, job).isTrue();
			if (entry == null) {
				assertThat(job.endedAt()).as("seed %d: %s is in no report", seed, job)
					.isBeforeOrEqualTo(report.startedAt().plusMillis(2));
			}
			else if (job.state() != JobState.CANCELLED) {
				assertThat(entry.fate()).as("seed %d: %s", seed, job).isEqualTo(Fate.FINISHED);
			}
			else {
				assertThat(entry.fate()).as("seed %d: %s", seed, job).isIn(Fate.CANCELLED, Fate.DROPPED);
			}
		}
		assertThat(known).as("seed %d: nothing but accepted jobs", seed).containsAll(entries.keySet());
		assertThat(engine.jobs()).as("seed %d", seed).isEmpty();
		assertThat(engine.pools()).as("seed %d", seed)
			.extracting(PoolSnapshot::active, PoolSnapshot::pending, PoolSnapshot::overrunning)
			.containsOnly(tuple(0, 0, 0));
		assertThat(((LocalJobEngine) engine).heldKeys()).as("seed %d", seed).isZero();
	}

	private static void spawn(JobEngine engine, Random random, Queue<Job<?>> accepted, int depth) {
		JobOptions options = JobOptions.named("job-" + random.nextInt(4))
			.pool((random.nextInt(3) == 0) ? "other" : "default");
		options = switch (random.nextInt(10)) {
			case 0 -> options.delay(Duration.ofMillis(random.nextInt(20)));
			case 1 -> options.shielded();
			case 2 -> options.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(1)).build());
			case 3 -> options.timeout(Duration.ofMillis(1));
			case 4 -> options.key("k" + random.nextInt(2), OnDuplicate.REPLACE_PENDING);
			case 5 -> options.shielded().delay(Duration.ofMillis(random.nextInt(10)));
			default -> options;
		};
		long bodySeed = random.nextLong();
		JobBody<Object> body = (job) -> body(engine, new Random(bodySeed), accepted, depth);
		try {
			Job<?> job = (random.nextInt(6) == 0)
					? engine.spawnAsync(options, (context) -> CompletableFuture.supplyAsync(() -> "async"))
					: engine.spawn(options, body);
			accepted.add(job);
			if (random.nextInt(12) == 0) {
				job.cancel();
			}
		}
		catch (JobRejectedException ex) {
			Thread.onSpinWait();
		}
	}

	private static Object body(JobEngine engine, Random random, Queue<Job<?>> accepted, int depth) throws Exception {
		int kind = random.nextInt(10);
		if (kind == 0) {
			throw new IllegalStateException("broken");
		}
		if (kind <= 2 && depth < 3) {
			spawn(engine, random, accepted, depth + 1);
		}
		if (kind == 3) {
			new CountDownLatch(1).await(random.nextInt(3000), TimeUnit.MICROSECONDS);
		}
		return "x";
	}

}
