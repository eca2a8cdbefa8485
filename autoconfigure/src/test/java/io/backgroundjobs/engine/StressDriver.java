package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobCancelledException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;

/**
 * Does random things to pools, and so do the bodies that it spawns.
 */
final class StressDriver implements Callable<Void> {

	private static final RetryPolicy ONCE = RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(1)).build();

	private final JobEngine engine;

	private final StressedPool[] pools;

	private final Random random;

	private final int steps;

	private final List<Job<?>> jobs = new ArrayList<>();

	StressDriver(JobEngine engine, StressedPool[] pools, Random random, int steps) {
		this.engine = engine;
		this.pools = pools;
		this.random = random;
		this.steps = steps;
	}

	@Override
	public Void call() {
		for (int i = 0; i < this.steps; i++) {
			int what = this.random.nextInt(100);
			if (what < 60 || this.jobs.isEmpty()) {
				spawn();
			}
			else if (what < 97) {
				this.jobs.get(this.jobs.size() - 1 - this.random.nextInt(Math.min(30, this.jobs.size()))).cancel();
			}
			else if (what < 99) {
				Thread.yield();
			}
			else {
				this.engine.cancelAll(this.pools[this.random.nextInt(2)].name());
			}
		}
		return null;
	}

	private void spawn() {
		StressedPool pool = this.pools[this.random.nextInt(2)];
		JobOptions options = options(pool);
		SplittableRandom own = new SplittableRandom(this.random.nextLong());
		try {
			switch (this.random.nextInt(10)) {
				case 0, 1, 2 -> this.engine.trySpawn(options, body(pool, own, 0)).ifPresent(this.jobs::add);
				case 3 -> this.jobs.add(this.engine.spawnAsync(options, stage(pool, own)));
				default -> this.jobs.add(this.engine.spawn(options, body(pool, own, 0)));
			}
		}
		catch (JobRejectedException ex) {
			// One of the things that may happen.
			Thread.yield();
		}
	}

	private JobOptions options(StressedPool pool) {
		JobOptions options = PoolBench.in(pool.name());
		if (this.random.nextInt(5) == 0) {
			options = options.delay(Duration.ofNanos(this.random.nextInt(2_000_000)));
		}
		if (this.random.nextInt(4) == 0) {
			options = options.timeout(Duration.ofNanos(1 + this.random.nextInt(1_000_000)));
		}
		if (this.random.nextInt(6) == 0) {
			options = options.priority(this.random.nextInt(5) - 2);
		}
		return (this.random.nextInt(8) == 0) ? options.retry(ONCE) : options;
	}

	private JobBody<Integer> body(StressedPool pool, SplittableRandom own, int depth) {
		int what = own.nextInt(12);
		int nanos = own.nextInt(300_000);
		return (job) -> {
			boolean placed = pool.enter();
			try {
				switch (what) {
					case 0 -> throw new IllegalStateException("one of the things that may happen");
					case 1, 2 -> TimeUnit.NANOSECONDS.sleep(nanos);
					case 3, 4 -> spin(nanos);
					case 5 -> Thread.currentThread().interrupt();
					case 6, 7, 8 -> awaitAnother(own.split(), depth);
					default -> spinUntilStopped(job, nanos);
				}
				return what;
			}
			finally {
				if (placed) {
					pool.leave();
				}
			}
		};
	}

	private JobBody<CompletionStage<Integer>> stage(StressedPool pool, SplittableRandom own) {
		int nanos = own.nextInt(300_000);
		return (job) -> {
			boolean placed = pool.enter();
			CompletableFuture<Integer> stage = new CompletableFuture<>();
			Runnable complete = () -> {
				if (placed) {
					pool.give();
				}
				stage.complete(1);
			};
			CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(complete);
			if (placed) {
				pool.detach();
			}
			// A cancel does not reach it: the place is held until the work is done.
			return stage.minimalCompletionStage();
		};
	}

	private void awaitAnother(SplittableRandom own, int depth) throws Exception {
		if (depth > 2) {
			return;
		}
		StressedPool pool = this.pools[own.nextInt(2)];
		boolean bounded = own.nextBoolean();
		try {
			Job<Integer> inner = this.engine.spawn(PoolBench.in(pool.name()), body(pool, own, depth + 1));
			StressedPool.lending(() -> {
				if (bounded) {
					inner.await(Duration.ofNanos(200_000));
				}
				else {
					inner.await();
				}
			});
		}
		catch (JobRejectedException | JobFailedException | JobCancelledException | TimeoutException ex) {
			spin(1000);
		}
	}

	private static void spin(long nanos) {
		long end = System.nanoTime() + nanos;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
	}

	private static void spinUntilStopped(JobContext job, long nanos) {
		long end = System.nanoTime() + nanos;
		while (System.nanoTime() - end < 0 && !job.isStopping()) {
			Thread.onSpinWait();
		}
	}

}
