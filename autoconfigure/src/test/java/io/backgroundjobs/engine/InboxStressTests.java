package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolThreads;
import io.backgroundjobs.ShutdownReport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets many threads spawn into a pool that is full most of the time, and others cancel,
 * resize, pause and look. Nobody looks any more once the last job has been spawned, so
 * that nothing but the pool itself can bring a forgotten one to light. More rounds with
 * {@code -Dstress.rounds}, the same ones again with {@code -Dstress.seed}.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class InboxStressTests {

	private static final Logger logger = LoggerFactory.getLogger(InboxStressTests.class);

	private static final int[] PENDING_LIMITS = { 0, 1, 2, 7, 100, 100_000 };

	private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

	@Test
	void nothingIsForgottenNorOvertakenNorTooMuch() throws Exception {
		rounds(PoolThreads.PLATFORM);
	}

	@Test
	@Tag("virtual")
	void nothingIsForgottenNorOvertakenNorTooMuchOnVirtualThreads() throws Exception {
		rounds(PoolThreads.VIRTUAL);
	}

	private void rounds(PoolThreads threads) throws Exception {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		int rounds = Integer.getInteger("stress.rounds", 25);
		logger.info("Seed {}", seed);
		for (int i = 0; i < rounds; i++) {
			new Round(seed + i, threads).play();
			assertThat(this.wrong).as("seed %d", seed + i).isEmpty();
		}
	}

	/**
	 * One scheduler, from its start to its end.
	 */
	private final class Round {

		private final long seed;

		private final Random random;

		private final int limit;

		private final int pendingLimit;

		private final int spawners;

		private final boolean disturbed;

		private final JobEngine engine;

		private final Queue<Job<?>> jobs = new ConcurrentLinkedQueue<>();

		private final AtomicInteger inside = new AtomicInteger();

		private final AtomicInteger entered = new AtomicInteger();

		private final AtomicInteger[] last;

		private final AtomicBoolean spawned = new AtomicBoolean();

		Round(long seed, PoolThreads threads) {
			this.seed = seed;
			this.random = new Random(seed);
			this.limit = 1 + this.random.nextInt(3);
			this.pendingLimit = PENDING_LIMITS[this.random.nextInt(PENDING_LIMITS.length)];
			this.spawners = 1 + this.random.nextInt(4);
			this.disturbed = this.random.nextInt(3) > 0;
			this.last = new AtomicInteger[this.spawners];
			for (int i = 0; i < this.spawners; i++) {
				this.last[i] = new AtomicInteger(-1);
			}
			this.engine = new JobEngineBuilder().historySize(100_000).exceptionHandler((job, failure) -> {
			})
				.pool(PoolBench.pool(this.limit)
					.withPendingLimit(this.pendingLimit)
					.withThreads(threads)
					.withOverflow(this.random.nextBoolean() ? OverflowPolicy.BLOCK : OverflowPolicy.REJECT)
					.withOverflowTimeout(Duration.ofSeconds(this.random.nextBoolean() ? 20 : 0).plusMillis(1)))
				.build();
		}

		void play() throws Exception {
			this.engine.start();
			List<FutureTask<Void>> tasks = new ArrayList<>();
			int each = 100 + this.random.nextInt(300);
			for (int i = 0; i < this.spawners; i++) {
				int spawner = i;
				Random own = new Random(this.random.nextLong());
				tasks.add(start(() -> spawn(spawner, each, own)));
			}
			Random own = new Random(this.random.nextLong());
			FutureTask<Void> disturber = start(() -> disturb(own));
			for (FutureTask<Void> task : tasks) {
				task.get();
			}
			this.spawned.set(true);
			disturber.get();
			awaitAll();
			check();
		}

		private FutureTask<Void> start(Runnable runnable) {
			FutureTask<Void> task = new FutureTask<>(runnable, null);
			new Thread(task, "stress").start();
			return task;
		}

		private void spawn(int spawner, int count, Random own) {
			for (int i = 0; i < count; i++) {
				int number = i;
				int kind = own.nextInt(40);
				int nanos = (own.nextInt(4) == 0) ? own.nextInt(20_000) : 0;
				boolean ordered = this.limit == 1 && kind > 6;
				JobOptions options = JobOptions.named("job");
				if (kind == 0) {
					options = options.priority(own.nextInt(3) - 1);
				}
				if (kind == 1 && this.pendingLimit > 0) {
					options = options.delay(Duration.ofNanos(own.nextInt(300_000)));
				}
				if (kind == 2) {
					options = options.timeout(Duration.ofNanos(1 + own.nextInt(100_000)));
				}
				JobBody<Integer> body = (context) -> body(context, ordered, spawner, number, nanos, kind);
				try {
					Job<?> job = this.engine.spawn(options, body);
					this.jobs.add(job);
					if (kind == 3) {
						job.cancel();
					}
					if (kind == 4) {
						job.toFuture().thenAccept((value) -> sleep(1));
					}
					if (kind == 5) {
						job.toFuture().whenComplete((value, failure) -> expect(job.state().isEnded(), "early " + job));
					}
					if (own.nextInt(100) == 0) {
						sleep(1);
					}
				}
				catch (JobRejectedException ex) {
					Thread.yield();
				}
			}
		}

		private Integer body(JobContext context, boolean ordered, int spawner, int number, int nanos, int kind) {
			int now = this.inside.incrementAndGet();
			this.entered.incrementAndGet();
			expect(this.disturbed || now <= this.limit, now + " bodies");
			expect(JobContextHolder.getContext() == context, "another's context");
			if (Thread.currentThread().isInterrupted()) {
				expect(context.isStopping(), "another's interrupt");
			}
			if (ordered) {
				int before = this.last[spawner].getAndSet(number);
				expect(this.disturbed || before < number, number + " after " + before);
			}
			long end = System.nanoTime() + nanos;
			while (System.nanoTime() - end < 0) {
				Thread.onSpinWait();
			}
			if (kind == 6) {
				Thread.currentThread().interrupt();
			}
			this.inside.decrementAndGet();
			return number;
		}

		private void disturb(Random own) {
			List<Job<?>> seen = new ArrayList<>();
			while (!this.spawned.get()) {
				switch (own.nextInt(this.disturbed ? 8 : 4)) {
					case 0 -> {
						PoolSnapshot now = PoolBench.look(this.engine);
						expect(now.pending() <= this.pendingLimit, now.toString());
						expect(this.disturbed || now.active() <= this.limit, now.toString());
					}
					case 1 -> seen.addAll(this.engine.jobs());
					case 2 -> {
						for (Job<?> job : seen) {
							expect(this.engine.find(job.id()).isPresent() || job.state() != null, "not found");
						}
						seen.clear();
					}
					case 3 -> sleep(own.nextInt(2));
					case 4 -> this.engine.resizePool("default", 1 + own.nextInt(4));
					case 5 -> {
						this.engine.pausePool("default");
						Thread.yield();
						this.engine.resumePool("default");
					}
					case 6 -> this.engine.jobs().stream().skip(3).forEach(Job::cancel);
					default -> this.engine.jobs().stream().limit(2).forEach(Job::cancel);
				}
			}
		}

		private void awaitAll() throws InterruptedException {
			long begin = System.nanoTime();
			for (Job<?> job : this.jobs) {
				while (!job.state().isEnded()) {
					if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(30)) {
						throw new AssertionError(
								"Seed " + this.seed + ": forgotten " + job + " in " + this.engine.pools());
					}
					Thread.yield();
				}
			}
		}

		private void check() throws InterruptedException {
			Eventually.holds(() -> this.inside.get() == 0);
			Set<String> ids = new HashSet<>();
			this.jobs.forEach((job) -> expect(ids.add(job.id()), "twice " + job));
			Eventually.holds(this.engine::isIdle);
			this.jobs.forEach((job) -> expect(job.state().isEnded(), "idle before the end of " + job));
			Set<String> remembered = new HashSet<>();
			this.engine.history().forEach((job) -> expect(remembered.add(job.id()), "remembered twice " + job));
			expect(remembered.equals(ids), remembered.size() + " remembered of " + ids.size());
			Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
			PoolSnapshot now = PoolBench.look(this.engine);
			expect(now.pending() + now.overrunning() == 0, now.toString());
			expect(this.engine.jobs().isEmpty(), "live jobs");
			ShutdownReport report = this.engine.stop();
			expect(report.jobs().isEmpty(), "stopped " + report.jobs().size());
		}

		private void expect(boolean condition, String what) {
			if (!condition) {
				InboxStressTests.this.wrong.add("seed " + this.seed + ": " + what);
			}
		}

		private void sleep(int millis) {
			try {
				TimeUnit.MILLISECONDS.sleep(millis);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
