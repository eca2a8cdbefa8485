package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of when a job with a fixed rate is due, and of what its handle says.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FixedRateTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine();

	private final JobEngine engine = this.time.engine();

	private final List<Duration> starts = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void firstTickIsAtTheStartAndEachFurtherOneAnIntervalLater() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		assertThat(job.nextRun()).isNull();
		this.engine.start();
		assertThat(this.time.next(job)).isZero();
		for (int i = 0; i < 35; i++) {
			this.time.pass((i == 0) ? Duration.ZERO : Duration.ofMillis(100));
		}
		assertThat(this.starts).containsExactly(Duration.ZERO, SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(3));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(4));
		assertThat(ClockedEngine.count(job, TickResult.RAN)).isEqualTo(4);
		assertThat(job.ticks()).hasSize(TickResult.values().length);
		assertThat(this.time.lateness()).containsOnly(Duration.ZERO);
	}

	@Test
	void initialDelayMakesTheFirstTickLater() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND).initialDelay(Duration.ofMillis(2500)));
		this.engine.start();
		assertThat(this.time.next(job)).isEqualTo(Duration.ofMillis(2500));
		this.time.pass(Duration.ofMillis(2499));
		assertThat(this.starts).isEmpty();
		this.time.pass(Duration.ofMillis(1));
		this.time.pass(SECOND);
		assertThat(this.starts).containsExactly(Duration.ofMillis(2500), Duration.ofMillis(3500));
	}

	@Test
	void jobThatIsAddedWhileTheSchedulerRunsTicksFromThen() throws Exception {
		this.engine.start();
		this.time.pass(Duration.ofMillis(700));
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		assertThat(this.time.next(job)).isEqualTo(Duration.ofMillis(700));
		this.time.pass(Duration.ZERO);
		this.time.pass(SECOND);
		assertThat(this.starts).containsExactly(Duration.ofMillis(700), Duration.ofMillis(1700));
	}

	@Test
	void tickThatIsSomewhatLateDoesNotMoveTheNextOne() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.standStill(Duration.ofMillis(1300));
		assertThat(this.starts).containsExactly(Duration.ZERO, Duration.ofMillis(1300));
		assertThat(this.time.lateness()).containsExactly(Duration.ZERO, Duration.ofMillis(300));
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
	}

	@Test
	void intervalsDoNotNoticeThatTheWallClockIsCorrected() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.clock().correct(this.time.clock().instant().plus(Duration.ofDays(1)));
		this.time.pass(SECOND);
		this.time.clock().correct(this.time.clock().instant().minus(Duration.ofDays(2)));
		this.time.pass(SECOND);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 3L).containsEntry(TickResult.MISSED, 0L);
	}

	@Test
	void waitForAnIntervalIsOneTimer() throws Exception {
		add(PeriodicJobSpec.named("tick").every(Duration.ofDays(1)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		long before = this.time.clock().calls();
		this.time.pass(Duration.ofHours(23));
		assertThat(this.time.clock().calls()).isEqualTo(before);
	}

	@Test
	void lastRunIsTheJobThatWasStartedLast() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(SECOND));
		assertThat(job.lastRun()).isNull();
		this.engine.start();
		this.time.pass(Duration.ZERO);
		Job<?> first = job.lastRun();
		this.time.pass(SECOND);
		Job<?> second = job.lastRun();
		assertThat(first).isNotNull().isNotSameAs(second);
		assertThat(second.name()).isEqualTo("tick");
		assertThat(second.kind()).isEqualTo(JobKind.PERIODIC);
		assertThat(second.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(this.time.since(second.startedAt())).isEqualTo(SECOND);
		assertThat(this.engine.find(second.id())).containsSame(second);
	}

	@Test
	void rescheduledJobIsDueOneNewIntervalFromNow() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(Duration.ofHours(1)));
		this.engine.start();
		this.time.pass(Duration.ZERO);
		this.time.pass(Duration.ofMinutes(5));
		job.reschedule(new JobSchedule.FixedRate(SECOND));
		assertThat(this.time.next(job)).isEqualTo(Duration.ofMinutes(5).plus(SECOND));
		assertThat(job.spec().schedule()).isEqualTo(new JobSchedule.FixedRate(SECOND));
		this.time.pass(SECOND);
		this.time.pass(SECOND);
		assertThat(this.starts).containsExactly(Duration.ZERO, Duration.ofSeconds(301), Duration.ofSeconds(302));
		assertThat(this.time.clock().timers()).isOne();
	}

	@Test
	void jobThatIsRescheduledBeforeTheStartBeginsWithItsNewSchedule() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("tick").every(Duration.ofHours(1)).initialDelay(SECOND));
		job.reschedule(new JobSchedule.FixedRate(SECOND.multipliedBy(5)));
		assertThat(this.time.clock().timers()).isZero();
		this.engine.start();
		for (int i = 0; i < 6; i++) {
			this.time.pass(SECOND);
		}
		assertThat(this.starts).containsExactly(SECOND, SECOND.multipliedBy(6));
	}

	@Test
	void intervalBeyondAllTimesIsNoProblem() throws Exception {
		PeriodicJobHandle job = add(
				PeriodicJobSpec.named("tick").every(Duration.ofDays(400_000)).jitter(Duration.ofDays(1)));
		this.engine.start();
		this.time.pass(Duration.ofDays(1));
		assertThat(this.starts).hasSize(1);
		assertThat(job.nextRun()).isAfter(this.time.clock().instant());
		this.engine.stopTicking();
		this.engine.startTicking();
		assertThat(job.nextRun()).isAfter(this.time.clock().instant());
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) {
		return this.engine.addPeriodic(spec, (job) -> this.starts.add(this.time.now()));
	}

}
