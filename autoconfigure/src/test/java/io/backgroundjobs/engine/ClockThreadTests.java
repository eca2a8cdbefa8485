package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobObserver;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests, in real time, that the clock's one thread runs nothing of the application, and
 * that therefore no job can make another late.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ClockThreadTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	private final Map<String, Set<String>> threads = new ConcurrentHashMap<>();

	private final Semaphore timeouts = new Semaphore(0);

	private final JobEngine engine = new JobEngineBuilder()
		.pool(PoolSpec.named("narrow").withLimit(1).withPendingLimit(0))
		.listener(new NotingListener())
		.propagator(new NotingPropagator())
		.observer(new NotingObserver())
		.exceptionHandler((job, failure) -> {
			note("handler");
			this.timeouts.release();
		})
		.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1))
		.build();

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void clockRunsNothingOfTheApplication() throws Exception {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(1).delay(SHORT).predicate((failure) -> {
			note("policy");
			return true;
		}).build();
		ExecutorService executor = Executors.newCachedThreadPool((task) -> new Thread(task, "own"));
		CountDownLatch asked = new CountDownLatch(5);
		this.engine.start();
		PeriodicJobSpec spec = PeriodicJobSpec.named("body").every(SHORT.multipliedBy(10)).timeout(SHORT).retry(policy);
		this.engine.addPeriodic(spec.overlap(OverlapPolicy.CANCEL_RUNNING), (context) -> waitForever());
		this.engine.addPeriodic(PeriodicJobSpec.named("async").every(SHORT).timeout(SHORT), (context) -> {
			note("body");
			return new NotingFuture();
		});
		this.engine.addPeriodic(PeriodicJobSpec.named("custom").paused(true).trigger((context) -> {
			note("trigger");
			asked.countDown();
			return context.getClock().instant().plus(SHORT);
		}), () -> {
		});
		this.engine.addPeriodic(PeriodicJobSpec.named("direct").every(SHORT).executor((task) -> {
			note("executor");
			task.run();
		}), () -> note("body"));
		this.engine.addPeriodic(PeriodicJobSpec.named("slow").every(SHORT).timeout(SHORT).executor(executor),
				(context) -> waitForever());
		asked.await();
		this.timeouts.acquire(60);
		Set<String> calls = Set.of("body", "started", "ended", "attemptFailed", "handler", "policy", "trigger",
				"executor", "cancel", "context", "observer");
		Eventually.holds(() -> this.threads.keySet().containsAll(calls));
		this.threads.forEach((what, names) -> assertThat(names).as(what).noneMatch((name) -> name.contains("clock")));
		executor.shutdownNow();
	}

	@Test
	void clockTellsNobodyOfABodyThatHasLeftBeforeItCameToIt() throws Exception {
		ManualClock manual = new ManualClock();
		CompletableFuture<Thread> left = new CompletableFuture<>();
		CompletableFuture<Thread> told = new CompletableFuture<>();
		AtomicReference<Thread> clockThread = new AtomicReference<>();
		JobEngine stalling = new JobEngineBuilder().clock(new StallingClock(manual, clockThread, left))
			.listener(new JobListener() {

				@Override
				public void overrunLeft(Job<?> job) {
					told.complete(Thread.currentThread());
				}

			})
			.build();
		stalling.start();
		CountDownLatch entered = new CountDownLatch(1);
		stalling.spawn(JobOptions.named("quick").timeout(SHORT), () -> {
			entered.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				left.complete(Thread.currentThread());
			}
			return "left at once";
		});
		entered.await();
		clockThread.set(Thread.currentThread());
		manual.advance(SHORT);
		clockThread.set(null);
		assertThat(told.get()).isNotSameAs(Thread.currentThread()).isNotSameAs(left.get());
		stalling.stop();
	}

	@Test
	void clockIsOneThread() throws Exception {
		Set<Thread> before = clockThreads();
		this.engine.start();
		CountDownLatch ran = new CountDownLatch(50);
		for (int i = 0; i < 50; i++) {
			this.engine.addPeriodic("tick-" + i, Duration.ofMillis(1), ran::countDown);
		}
		ran.await();
		Set<Thread> after = clockThreads();
		after.removeAll(before);
		assertThat(after).hasSize(1);
	}

	@Test
	void jobThatBlocksItsPoolMakesNoJobOfAnotherPoolLate() throws Exception {
		Gate gate = new Gate();
		CountDownLatch ran = new CountDownLatch(20);
		this.engine.start();
		PeriodicJobHandle blocking = this.engine
			.addPeriodic(PeriodicJobSpec.named("blocking").every(SHORT).pool("narrow"), () -> gate.passUninterrupted());
		this.engine.addPeriodic(PeriodicJobSpec.named("behind").every(SHORT).pool("narrow"),
				() -> gate.passUninterrupted());
		gate.awaitEntered(1);
		PeriodicJobHandle free = this.engine.addPeriodic(PeriodicJobSpec.named("free").every(SHORT), ran::countDown);
		ran.await();
		assertThat(ClockedEngine.count(free, TickResult.RAN)).isGreaterThanOrEqualTo(20);
		assertThat(ClockedEngine.count(blocking, TickResult.RAN)).isLessThanOrEqualTo(1);
		gate.open(1000);
	}

	private static Set<Thread> clockThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("background-jobs-clock-"))
			.collect(Collectors.toSet());
	}

	private String waitForever() throws InterruptedException {
		note("body");
		new CountDownLatch(1).await();
		return "never";
	}

	private void note(String what) {
		this.threads.computeIfAbsent(what, (key) -> ConcurrentHashMap.newKeySet())
			.add(Thread.currentThread().getName());
	}

	/**
	 * Notes who calls it.
	 */
	private final class NotingListener implements JobListener {

		@Override
		public void started(Job<?> job) {
			note("started");
		}

		@Override
		public void attemptFailed(Job<?> job, Throwable failure) {
			note("attemptFailed");
		}

		@Override
		public void ended(Job<?> job) {
			note("ended");
		}

		@Override
		public void overrunLeft(Job<?> job) {
			note("overrunLeft");
		}

	}

	/**
	 * Notes who starts, opens and stops an observation.
	 */
	private final class NotingObserver implements JobObserver {

		@Override
		public ObservedAttempt start(Job<?> job) {
			note("observer");
			return new ObservedAttempt() {

				@Override
				public JobContextPropagator.Scope openScope() {
					note("observer");
					return () -> note("observer");
				}

				@Override
				public void stop(JobOutcome outcome, @Nullable Throwable failure) {
					note("observer");
				}

			};
		}

	}

	/**
	 * Notes who opens and closes a context.
	 */
	private final class NotingPropagator implements JobContextPropagator {

		@Override
		public @Nullable Object capture() {
			note("context");
			return null;
		}

		@Override
		public Scope open(@Nullable Object captured, Job<?> job) {
			note("context");
			return () -> note("context");
		}

	}

	/**
	 * Never completes, and notes who cancels it.
	 */
	private final class NotingFuture extends CompletableFuture<String> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			note("cancel");
			return super.cancel(mayInterruptIfRunning);
		}

	}

	/**
	 * Is so slow, once a body has been interrupted, that the body's thread is at rest
	 * when it goes on.
	 */
	private static final class StallingClock extends DelegatingClock {

		private final AtomicReference<Thread> clockThread;

		private final CompletableFuture<Thread> left;

		StallingClock(ManualClock manual, AtomicReference<Thread> clockThread, CompletableFuture<Thread> left) {
			super(manual);
			this.clockThread = clockThread;
			this.left = left;
		}

		@Override
		public long nanoTime() {
			if (Thread.currentThread() == this.clockThread.get()) {
				try {
					Eventually.waits(this.left.get());
				}
				catch (InterruptedException | ExecutionException ex) {
					throw new IllegalStateException(ex);
				}
			}
			return super.nanoTime();
		}

	}

}
