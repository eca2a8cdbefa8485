package io.backgroundjobs.test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobContextHolder;
import io.backgroundjobs.engine.EngineClock.Timer;
import io.backgroundjobs.engine.JobEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link VirtualTime} as a clock, without an engine.
 */
class VirtualTimeTests {

	private static final Instant START = Instant.parse("2026-03-29T00:00:00Z");

	private final VirtualTime time = new VirtualTime(START, Duration.ofSeconds(5)).watch(idleEngine());

	private final List<String> events = new ArrayList<>();

	@Test
	void timeStandsStillUntilItIsAdvanced() {
		long nanoTime = this.time.nanoTime();
		assertThat(this.time.now()).isEqualTo(START);
		this.time.advance(Duration.ofMinutes(90));
		assertThat(this.time.now()).isEqualTo(START.plusSeconds(5400));
		assertThat(this.time.nanoTime() - nanoTime).isEqualTo(Duration.ofMinutes(90).toNanos());
	}

	@Test
	void timersRunInTheOrderInWhichTheyAreDueEachAtItsOwnTime() {
		schedule("third", 30);
		schedule("first", 10);
		schedule("late", 61);
		schedule("second", 20);
		this.time.advance(Duration.ofSeconds(60));
		assertThat(this.events).containsExactly("first at 10", "second at 20", "third at 30");
		assertThat(this.time.now()).isEqualTo(START.plusSeconds(60));
	}

	@Test
	void timersThatAreDueTogetherRunInTheOrderInWhichTheyWereSet() {
		for (int i = 0; i < 100; i++) {
			schedule("timer " + i, 5);
		}
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.events).hasSize(100);
		for (int i = 0; i < 100; i++) {
			assertThat(this.events.get(i)).isEqualTo("timer " + i + " at 5");
		}
	}

	@Test
	void timersThatTimersSetRunInTheSameAdvance() {
		this.time.schedule(() -> {
			schedule("inner", 10);
			schedule("at once", 0);
		}, Duration.ofSeconds(10).toNanos());
		schedule("between", 15);
		this.time.advance(Duration.ofSeconds(20));
		assertThat(this.events).containsExactly("at once at 10", "between at 15", "inner at 20");
	}

	@Test
	void whatIsDueAtOnceRunsWithTheNextAdvanceAndNotBefore() {
		schedule("at once", 0);
		schedule("overdue", -5);
		assertThat(this.events).isEmpty();
		this.time.advance(Duration.ZERO);
		assertThat(this.events).containsExactly("at once at 0", "overdue at 0");
	}

	@Test
	void cancelledTimersDoNotRun() {
		Timer timer = schedule("cancelled", 10);
		schedule("kept", 10);
		timer.cancel();
		timer.cancel();
		this.time.advance(Duration.ofSeconds(10));
		timer.cancel();
		assertThat(this.events).containsExactly("kept at 10");
	}

	@Test
	void stoppedClockForgetsItsTimers() {
		schedule("forgotten", 10);
		this.time.stop();
		this.time.start();
		schedule("kept", 10);
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.events).containsExactly("kept at 10");
	}

	@Test
	void advanceToReachesAnInstantOfTheWallClock() {
		schedule("before", 59);
		this.time.advanceTo(START.plusSeconds(60));
		assertThat(this.time.now()).isEqualTo(START.plusSeconds(60));
		assertThat(this.events).containsExactly("before at 59");
	}

	@Test
	void timeDoesNotGoBack() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.time.advanceTo(START.minusSeconds(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> this.time.advance(Duration.ofSeconds(-1)));
	}

	@Test
	void advanceToNextTimerRunsWhatIsDueThen() {
		schedule("first", 10);
		schedule("with it", 10);
		schedule("second", 20);
		assertThat(this.time.advanceToNextTimer()).isTrue();
		assertThat(this.events).containsExactly("first at 10", "with it at 10");
		assertThat(this.time.advanceToNextTimer()).isTrue();
		assertThat(this.time.advanceToNextTimer()).isFalse();
		assertThat(this.time.now()).isEqualTo(START.plusSeconds(20));
	}

	@Test
	void correctedWallClockMovesNoTimer() {
		schedule("timer", 10);
		long nanoTime = this.time.nanoTime();
		this.time.shiftWallClock(Duration.ofHours(-2));
		assertThat(this.time.now()).isEqualTo(START.minusSeconds(7200));
		assertThat(this.time.nanoTime()).isEqualTo(nanoTime);
		this.time.advance(Duration.ofSeconds(9));
		assertThat(this.events).isEmpty();
		this.time.setWallClock(START);
		assertThat(this.time.now()).isEqualTo(START);
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.events).containsExactly("timer at 1");
	}

	@Test
	void clockShowsVirtualTimeToOtherCode() {
		assertThat(this.time.clock(ZoneOffset.UTC).instant()).isEqualTo(START);
		this.time.advance(Duration.ofDays(1));
		assertThat(this.time.clock(ZoneOffset.UTC).instant()).isEqualTo(START.plusSeconds(86_400));
	}

	@Test
	void withoutAWatchedSchedulerOnlyAdvancesThatDoNotWaitAreAllowed() {
		VirtualTime unwatched = new VirtualTime();
		assertThatIllegalStateException().isThrownBy(() -> unwatched.advance(Duration.ofSeconds(1)))
			.withMessageContaining("watch(scheduler)");
		unwatched.advanceWithoutWaiting(Duration.ofSeconds(1));
		assertThat(unwatched.now()).isEqualTo(VirtualTime.DEFAULT_START.plusSeconds(1));
	}

	@Test
	void jobsCannotAdvanceTime() {
		JobContext job = mock(JobContext.class);
		given(job.name()).willReturn("report");
		JobContextHolder.setContext(job);
		try {
			assertThatIllegalStateException().isThrownBy(() -> this.time.advance(Duration.ZERO))
				.withMessageContaining("'report'");
			assertThatIllegalStateException().isThrownBy(this.time::awaitIdle);
		}
		finally {
			JobContextHolder.setContext(null);
		}
	}

	@Test
	void whatATimerThrowsFailsTheAdvance() {
		this.time.schedule(() -> {
			throw new UnsupportedOperationException("from the timer");
		}, 0);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.time.advance(Duration.ZERO))
			.withMessage("from the timer");
	}

	@Test
	void realTimeRunsTheTimersThatAreLeft() throws Exception {
		CountDownLatch ran = new CountDownLatch(2);
		this.time.advance(Duration.ofHours(1));
		long nanoTime = this.time.nanoTime();
		Timer cancelled = this.time.schedule(() -> this.events.add("cancelled"), Duration.ofMillis(1000).toNanos());
		this.time.schedule(ran::countDown, Duration.ofMillis(1050).toNanos());
		this.time.continueInRealTime();
		this.time.continueInRealTime();
		cancelled.cancel();
		this.time.schedule(ran::countDown, Duration.ofMillis(30).toNanos());
		assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.events).isEmpty();
		assertThat(this.time.now()).isBetween(START.plusSeconds(3600), START.plusSeconds(3620));
		assertThat(this.time.nanoTime()).isGreaterThanOrEqualTo(nanoTime + Duration.ofMillis(30).toNanos());
	}

	@Test
	void realTimeCannotBeAdvanced() {
		this.time.continueInRealTime();
		assertThatIllegalStateException().isThrownBy(() -> this.time.advance(Duration.ofSeconds(1)))
			.withMessageContaining("real time");
	}

	@Test
	void stoppedClockForgetsItsTimersInRealTimeToo() throws Exception {
		CountDownLatch ran = new CountDownLatch(1);
		this.time.schedule(() -> this.events.add("forgotten"), Duration.ofMillis(1000).toNanos());
		this.time.continueInRealTime();
		this.time.stop();
		this.time.schedule(ran::countDown, Duration.ofMillis(1100).toNanos());
		assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.events).isEmpty();
	}

	@Test
	void timersThatOtherThreadsSetAndCancelAllRunOrNot() throws Exception {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		int threads = 4;
		List<String> ran = Collections.synchronizedList(new ArrayList<>());
		List<Thread> started = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			long ownSeed = random.nextLong();
			Thread thread = new Thread(() -> {
				Random own = new Random(ownSeed);
				for (int j = 0; j < 1000; j++) {
					Timer timer = this.time.schedule(() -> ran.add("kept"), own.nextInt(1_000_000));
					Timer other = this.time.schedule(() -> ran.add("cancelled"), 10_000_000_000L);
					other.cancel();
					assertThat(timer).isNotNull();
				}
			});
			started.add(thread);
			thread.start();
		}
		for (int i = 0; i < 50; i++) {
			this.time.advance(Duration.ofNanos(random.nextInt(100_000)));
		}
		for (Thread thread : started) {
			thread.join();
		}
		this.time.advance(Duration.ofSeconds(20));
		assertThat(ran).as("seed %d", seed).hasSize(4000).doesNotContain("cancelled");
	}

	private static JobEngine idleEngine() {
		JobEngine engine = mock(JobEngine.class);
		given(engine.isIdle()).willReturn(true);
		return engine;
	}

	private Timer schedule(String name, long seconds) {
		return this.time.schedule(
				() -> this.events.add(name + " at " + Duration.between(START, this.time.now()).toSeconds()),
				Duration.ofSeconds(seconds).toNanos());
	}

}
