package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJobHandle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of calls of an alarm that were on their way when it was set anew or cancelled.
 */
class TickerTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ManualClock manual = new ManualClock();

	private final KeepingClock clock = new KeepingClock(this.manual);

	private final JobEngine engine = new JobEngineBuilder().clock(this.clock).build();

	private PeriodicJobHandle job;

	@BeforeEach
	void start() {
		this.engine.start();
		this.job = this.engine.addPeriodic("tick", SECOND, () -> {
		});
	}

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void callThatComesAfterAStopIsNoTick() {
		Runnable call = this.clock.task;
		this.engine.stopTicking();
		this.manual.starve(SECOND);
		call.run();
		assertThat(ClockedEngine.sum(this.job)).isZero();
		assertThat(this.manual.timers()).isZero();
	}

	@Test
	void callThatComesAfterARemovalIsNoTick() {
		Runnable call = this.clock.task;
		this.job.remove();
		this.manual.starve(SECOND);
		call.run();
		assertThat(ClockedEngine.sum(this.job)).isZero();
		assertThat(this.manual.timers()).isZero();
	}

	@Test
	void callThatComesAfterAnotherScheduleLeavesTheNewInstantInItsPlace() {
		Runnable call = this.clock.task;
		this.job.reschedule(new JobSchedule.FixedRate(SECOND.multipliedBy(10)));
		Instant next = this.job.nextRun();
		this.manual.starve(SECOND);
		call.run();
		assertThat(ClockedEngine.sum(this.job)).isZero();
		assertThat(this.job.nextRun()).isEqualTo(next);
		assertThat(this.manual.toNextTimer()).isEqualTo(SECOND.multipliedBy(9));
		assertThat(this.manual.timers()).isOne();
	}

	/**
	 * Keeps the task of the last timer.
	 */
	private static final class KeepingClock extends DelegatingClock {

		private Runnable task;

		KeepingClock(ManualClock manual) {
			super(manual);
		}

		@Override
		public Timer schedule(Runnable given, long delay) {
			this.task = given;
			return super.schedule(given, delay);
		}

	}

}
