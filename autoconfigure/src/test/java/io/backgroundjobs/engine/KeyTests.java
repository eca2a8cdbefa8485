package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.RejectionReason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of jobs that are one of their kind.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class KeyTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final LocalJobEngine engine = (LocalJobEngine) this.bench.start((builder) -> builder.clock(this.clock),
			PoolBench.pool(4));

	private final Gate gate = this.bench.gate();

	private static JobOptions key(OnDuplicate onDuplicate) {
		return JobOptions.named("job").key("k", onDuplicate);
	}

	private void assertDuplicate(JobOptions options, Job<?> of) {
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> this.engine.spawn(options, () -> "x"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(RejectionReason.DUPLICATE))
			.withMessageContaining(of.id());
	}

	@Test
	void secondIsRejectedWhileTheFirstIsLive() throws Exception {
		Job<String> first = this.engine.spawn(key(OnDuplicate.REJECT), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		assertDuplicate(key(OnDuplicate.REJECT), first);
		assertThat(this.engine.trySpawn(key(OnDuplicate.REJECT), (job) -> "x")).isEmpty();
		this.gate.open(1);
		first.await();
		assertThat(this.engine.heldKeys()).isZero();
		assertThat(this.engine.spawn(key(OnDuplicate.REJECT), () -> "second").await()).isEqualTo("second");
	}

	@Test
	void delayedAndPendingJobsAreLiveToo() {
		Job<String> delayed = this.engine.spawn(key(OnDuplicate.REJECT).delay(Duration.ofSeconds(5)), () -> "x");
		assertDuplicate(key(OnDuplicate.REJECT), delayed);
		this.engine.pausePool("default");
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(delayed.state()).isEqualTo(JobState.PENDING);
		assertDuplicate(key(OnDuplicate.REJECT), delayed);
		this.engine.resumePool("default");
	}

	@Test
	void keyIsComparedWithinTheName() throws Exception {
		this.engine.spawn(key(OnDuplicate.REJECT), PoolBench.through(this.gate));
		String other = this.engine.run(JobOptions.named("other").key("k", OnDuplicate.REJECT), (job) -> "other");
		assertThat(other).isEqualTo("other");
		this.gate.open(1);
	}

	@Test
	void existingJobIsReturned() throws Exception {
		Job<String> first = this.engine.spawn(key(OnDuplicate.RETURN_EXISTING), PoolBench.through(this.gate));
		Job<String> second = this.engine.spawn(key(OnDuplicate.RETURN_EXISTING), () -> "never");
		assertThat(second).isSameAs(first);
		this.gate.open(2);
		assertThat(this.engine.<String>run(key(OnDuplicate.RETURN_EXISTING), (job) -> "run")).isIn("passed", "run");
	}

	@Test
	void runWaitsForTheExistingJob() throws Exception {
		this.engine.spawn(key(OnDuplicate.RETURN_EXISTING), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Thread opener = new Thread(() -> this.gate.open(1));
		opener.start();
		assertThat(this.engine.<String>run(key(OnDuplicate.RETURN_EXISTING), (job) -> "run")).isIn("passed", "run");
		opener.join();
	}

	@Test
	void pendingJobIsReplaced() throws Exception {
		this.engine.pausePool("default");
		Job<String> first = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "first");
		Job<String> second = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "second");
		assertThat(first.state()).isEqualTo(JobState.CANCELLED);
		assertThat(first.cancelReason()).contains("superseded", second.id());
		assertThat(PoolBench.look(this.engine).pending()).isOne();
		this.engine.resumePool("default");
		assertThat(second.await()).isEqualTo("second");
		assertThat(this.engine.heldKeys()).isZero();
	}

	@Test
	void whileOneRunsOneMayWait() throws Exception {
		Job<String> running = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> waiting = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "waiting");
		Job<String> last = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "last");
		assertThat(running.state()).isEqualTo(JobState.RUNNING);
		assertThat(waiting.state()).isEqualTo(JobState.CANCELLED);
		assertThat(last.state()).isIn(JobState.PENDING, JobState.SCHEDULED);
		this.gate.open(1);
		assertThat(last.await()).isEqualTo("last");
		assertThat(running.await()).isEqualTo("passed");
		assertThat(this.engine.heldKeys()).isZero();
	}

	@Test
	void waitingOneStartsOnlyWhenTheBodyOfTheFirstHasLeft() throws Exception {
		Job<String> stubborn = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		Job<String> waiting = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "waiting");
		stubborn.cancel();
		assertThat(waiting.attempts()).isZero();
		this.gate.open(1);
		assertThat(waiting.await()).isEqualTo("waiting");
		assertThat(this.engine.heldKeys()).isZero();
	}

	@Test
	void keyIsFreeWhenTheOneThatWaitsBehindAnEndedOneIsCancelled() throws Exception {
		Job<String> stubborn = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), PoolBench.ignoring(this.gate));
		this.gate.awaitEntered(1);
		Job<String> waiting = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "waiting");
		stubborn.cancel();
		waiting.cancel();
		assertThat(this.engine.heldKeys()).isZero();
		String next = this.engine.run(key(OnDuplicate.REJECT), (job) -> "next");
		assertThat(next).isEqualTo("next");
		this.gate.open(1);
	}

	@Test
	void cancelledJobFreesItsKey() {
		this.engine.pausePool("default");
		Job<String> job = this.engine.spawn(key(OnDuplicate.REJECT), () -> "x");
		job.cancel();
		assertThat(this.engine.heldKeys()).isZero();
		this.engine.resumePool("default");
	}

	@Test
	void rejectedSpawnHoldsNoKey() {
		this.engine.stop();
		assertThatExceptionOfType(JobRejectedException.class)
			.isThrownBy(() -> this.engine.spawn(key(OnDuplicate.REJECT), () -> "x"));
		assertThat(this.engine.heldKeys()).isZero();
	}

	@Test
	void firstOfAThrottledKeyRunsAndLaterOnesAreRejectedUntilThePeriodEnds() throws Exception {
		JobOptions throttled = JobOptions.named("job").throttle("k", Duration.ofSeconds(10));
		Job<String> first = this.engine.spawn(throttled, () -> "first");
		assertThat(first.await()).isEqualTo("first");
		assertDuplicate(throttled, first);
		this.clock.advance(Duration.ofMillis(9999));
		assertDuplicate(throttled, first);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.engine.spawn(throttled, () -> "second").await()).isEqualTo("second");
		this.clock.advance(Duration.ofSeconds(10));
		assertThat(this.engine.heldKeys()).isZero();
		assertThat(this.clock.timers()).isZero();
	}

	@Test
	void drainLetsAJobThatIsDueWaitForTheOneBeforeIt() throws Exception {
		this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		Job<String> behind = this.engine.spawn(key(OnDuplicate.REPLACE_PENDING).delay(Duration.ofSeconds(1)),
				() -> "behind");
		this.clock.advance(Duration.ofSeconds(1));
		Thread stopper = new Thread(this.engine::stop);
		stopper.start();
		Eventually.waits(stopper);
		this.gate.open(1);
		stopper.join();
		assertThat(behind.await()).isEqualTo("behind");
	}

	@Test
	void runThatReplacesIsNotHeldUpByAThrottledOneThatHasLeft() throws Exception {
		JobOptions throttled = JobOptions.named("job").throttle("k", Duration.ofSeconds(10));
		this.engine.spawn(throttled, () -> "first").await();
		assertThat(this.engine.spawn(key(OnDuplicate.REPLACE_PENDING), () -> "second").await()).isEqualTo("second");
	}

	@Test
	void periodOfAThrottledKeyDoesNotOutliveARestart() throws Exception {
		JobOptions throttled = JobOptions.named("job").throttle("k", Duration.ofSeconds(10));
		this.engine.spawn(throttled, () -> "first").await();
		this.engine.stop();
		this.engine.start();
		assertThat(this.engine.spawn(throttled, () -> "second").await()).isEqualTo("second");
	}

	@Test
	void atMostOneOfAKeyRunsUnderLoadAndNoKeyIsLeft() throws Exception {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		int rounds = Integer.getInteger("stress.rounds", 3000);
		ConcurrentMap<String, AtomicInteger> inside = new ConcurrentHashMap<>();
		AtomicInteger overlaps = new AtomicInteger();
		int threads = 4;
		CountDownLatch done = new CountDownLatch(threads);
		List<OnDuplicate> kinds = List.of(OnDuplicate.values());
		for (int t = 0; t < threads; t++) {
			Random random = new Random(seed + t);
			new Thread(() -> {
				for (int i = 0; i < rounds; i++) {
					String key = "k" + random.nextInt(3);
					try {
						Job<?> job = this.engine
							.spawn(JobOptions.named("job").key(key, kinds.get(random.nextInt(kinds.size()))), () -> {
								AtomicInteger count = inside.computeIfAbsent(key, (any) -> new AtomicInteger());
								if (count.incrementAndGet() > 1) {
									overlaps.incrementAndGet();
								}
								Thread.yield();
								count.decrementAndGet();
							});
						if (random.nextInt(4) == 0) {
							Ending.dropPending((JobRun<?>) job, "changed my mind");
						}
					}
					catch (JobRejectedException ex) {
						assertThat(ex.reason()).isEqualTo(RejectionReason.DUPLICATE);
					}
				}
				done.countDown();
			}).start();
		}
		done.await();
		Eventually.holds(() -> this.engine.jobs().isEmpty() && this.engine.heldKeys() == 0);
		Eventually.holds(() -> PoolBench.look(this.engine).active() == 0);
		assertThat(overlaps).as("seed %d", seed).hasValue(0);
		assertThat(PoolBench.look(this.engine).pending()).isZero();
	}

}
