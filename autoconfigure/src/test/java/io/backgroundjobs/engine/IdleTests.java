package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that nothing stays and nothing wakes when there is nothing to do.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class IdleTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	private final Set<Thread> before = engineThreads();

	@Test
	void threadsComeWithTheFirstJobAndAreNoDaemons() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(2));
		assertThat(threads()).isEmpty();
		engine.spawn(JobOptions.named("timed").timeout(Duration.ofMinutes(1)), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		assertThat(threads()).extracting(Thread::getName)
			.containsExactlyInAnyOrder("job-default-1", "background-jobs-clock-1");
		assertThat(threads()).noneMatch(Thread::isDaemon);
	}

	@Test
	void threadsStayAMinuteByDefault() throws Exception {
		assertThat(new JobEngineBuilder().keepAlive).hasMinutes(1);
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Thread first = engine.spawn("first", Thread::currentThread).await();
		Eventually.waits(first);
		assertThat(first.getState()).isEqualTo(Thread.State.TIMED_WAITING);
		assertThat(engine.spawn("second", Thread::currentThread).await()).isSameAs(first);
	}

	@Test
	void idleThreadsEndAndNothingIsLeftToWake() throws Exception {
		CompletableFuture<Job<?>> told = new CompletableFuture<>();
		JobEngine engine = this.bench.start((builder) -> builder.keepAlive(SHORT).listener(new JobListener() {

			@Override
			public void ended(Job<?> job) {
				if (job.name().equals("timed")) {
					told.complete(job);
				}
			}

		}), PoolBench.pool(2));
		engine.spawn(JobOptions.named("delayed").delay(Duration.ofMillis(1)), () -> 1).await();
		engine.spawn(JobOptions.named("timed").timeout(Duration.ofMillis(1)), PoolBench.through(this.gate));
		told.get();
		// A worker, the clock and a courier were here. Without a thread nothing can wake.
		Eventually.holds(() -> threads().isEmpty());
		assertThat(engine.isRunning()).isTrue();
		assertThat(engine.spawn("again", () -> 1).await()).isOne();
		assertThat(engine.spawn(JobOptions.named("later").delay(Duration.ofMillis(1)), () -> 2).await()).isEqualTo(2);
		Eventually.holds(() -> threads().isEmpty());
	}

	@Test
	void clockThreadThatHasATimerStays() throws Exception {
		JobEngine engine = this.bench.start((builder) -> builder.keepAlive(Duration.ofMillis(1)), PoolBench.pool(1));
		Job<Integer> later = engine.spawn(JobOptions.named("later").delay(Duration.ofMillis(100)), () -> 1);
		assertThat(later.await()).isOne();
	}

	@Test
	void stopEndsTheThreadsAtOnce() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(4));
		for (int i = 0; i < 4; i++) {
			engine.spawn(JobOptions.named("any").timeout(Duration.ofMinutes(1)), PoolBench.through(this.gate));
		}
		this.gate.awaitEntered(4);
		this.gate.open(4);
		engine.stop();
		Eventually.holds(() -> threads().isEmpty());
	}

	@Test
	void nothingIsLeftOfEndedJobsWhateverTheirEnd() throws Exception {
		ManualClock clock = new ManualClock();
		JobEngine engine = this.bench.start((builder) -> builder.clock(clock).exceptionHandler((job, failure) -> {
		}), PoolBench.pool(3));
		assertThat(clock.timers()).isZero();
		Duration second = Duration.ofSeconds(1);
		RetryPolicy twice = RetryPolicy.builder().maxRetries(2).delay(second).build();
		engine.spawn(JobOptions.named("succeeds").timeout(second), () -> 1).await();
		engine.spawn(JobOptions.named("fails").timeout(second), () -> {
			throw new IllegalStateException();
		});
		Job<?> retried = engine.spawn(JobOptions.named("retried").retry(twice), () -> {
			throw new IllegalStateException();
		});
		Eventually.holds(() -> clock.timers() == 1 && PoolBench.look(engine).active() == 0);
		assertThat(retried.cancel()).isTrue();
		engine.spawn(JobOptions.named("delayed").delay(second), () -> 1).cancel();
		engine.spawn(JobOptions.named("keyed").key("key", OnDuplicate.REJECT), () -> 1).await();
		engine.spawn(JobOptions.named("timed").timeout(second), PoolBench.through(this.gate));
		Job<?> cancelled = engine.spawn(JobOptions.named("cancelled").timeout(second), PoolBench.through(this.gate));
		this.gate.awaitEntered(2);
		cancelled.cancel();
		// Only the timeout of the other one is left.
		Eventually.holds(() -> PoolBench.look(engine).active() == 1 && clock.timers() == 1);
		clock.advance(second);
		Eventually
			.holds(() -> PoolBench.look(engine).equals(new PoolSnapshot("default", 3, 0, 0, 10_000, 0, 0, false)));
		Eventually.holds(() -> clock.timers() == 0);
		assertThat(engine.jobs()).isEmpty();
		assertThat(((LocalJobEngine) engine).heldKeys()).isZero();
	}

	private Set<Thread> threads() {
		Set<Thread> now = engineThreads();
		now.removeAll(this.before);
		return now;
	}

	private static Set<Thread> engineThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("job-") || thread.getName().startsWith("background-jobs-"))
			.collect(Collectors.toSet());
	}

}
