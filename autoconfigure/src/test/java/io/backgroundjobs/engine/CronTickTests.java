package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how ticks follow the wall clock, which may be corrected in either direction.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class CronTickTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final ClockedEngine time = new ClockedEngine();

	private final JobEngine engine = this.time.engine();

	private final ManualClock clock = this.time.clock();

	private final List<Instant> starts = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void instantsAreThoseOfTheExpressionFromTheStartOn() throws Exception {
		add("0 30 2 * * *");
		this.time.pass(Duration.ofDays(3));
		assertThat(this.starts).extracting(Instant::toString)
			.containsExactly("2026-01-01T02:30:00Z", "2026-01-02T02:30:00Z", "2026-01-03T02:30:00Z");
		assertThat(this.time.lateness()).containsOnly(Duration.ZERO);
	}

	@Test
	void instantOfTheStartItselfCounts() throws Exception {
		add("0 0 * * * *");
		this.time.pass(Duration.ZERO);
		assertThat(this.starts).hasSize(1);
	}

	@Test
	void initialDelayLeavesEarlierInstantsOut() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("cron").cron("0 0 * * * *", ZoneOffset.UTC).initialDelay(Duration.ofMinutes(90)),
				() -> true);
		this.engine.start();
		assertThat(this.time.next(job)).isEqualTo(HOUR.multipliedBy(2));
		this.time.pass(HOUR.multipliedBy(2));
		assertThat(ClockedEngine.sum(job)).isOne();
	}

	@Test
	void nextRunIsTheInstantAtWhichTheJobRuns() throws Exception {
		this.clock.correct(Instant.parse("2026-03-28T12:00:00Z"));
		PeriodicJobHandle job = add("0 30 2 * * *", ZoneId.of("Europe/Paris"));
		Instant first = job.nextRun();
		assertThat(first).isEqualTo("2026-03-29T01:00:00Z");
		this.time.pass(Duration.ofHours(13));
		assertThat(this.starts).containsExactly(first);
		Instant second = job.nextRun();
		assertThat(second).isEqualTo("2026-03-30T00:30:00Z");
		this.time.pass(Duration.ofHours(24));
		assertThat(this.starts).containsExactly(first, second);
	}

	@Test
	void clockThatIsPutForwardIsSeenWithinAMinute() throws Exception {
		add("0 30 2 * * *");
		this.time.pass(Duration.ofSeconds(1));
		this.clock.correct(Instant.parse("2026-01-01T02:30:05Z"));
		this.time.pass(Duration.ofSeconds(60));
		assertThat(this.starts).hasSize(1);
		assertThat(this.starts.get(0)).isBetween("2026-01-01T02:30:05Z", "2026-01-01T02:31:05Z");
		assertThat(this.time.lateness().get(0)).isLessThanOrEqualTo(Duration.ofSeconds(65));
	}

	@Test
	void clockThatIsPutForwardOverSeveralInstantsHasMissedThem() throws Exception {
		PeriodicJobHandle job = add("0 0 * * * *");
		this.time.pass(Duration.ZERO);
		this.clock.correct(Instant.parse("2026-01-01T05:30:00Z"));
		this.time.pass(Duration.ofMinutes(1));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L).containsEntry(TickResult.MISSED, 4L);
		assertThat(job.nextRun()).isEqualTo("2026-01-01T06:00:00Z");
	}

	@Test
	void clockThatIsPutBackMakesTheJobWaitForTheInstantAgain() throws Exception {
		add("0 30 2 * * *");
		this.time.pass(Duration.ofMinutes(149));
		this.clock.correct(Instant.parse("2026-01-01T01:29:00Z"));
		this.time.pass(HOUR);
		assertThat(this.starts).isEmpty();
		this.time.pass(Duration.ofMinutes(1));
		assertThat(this.starts).containsExactly(Instant.parse("2026-01-01T02:30:00Z"));
	}

	@Test
	void instantThatTheClockShowsTwiceRunsOnce() throws Exception {
		PeriodicJobHandle job = add("0 30 2 * * *");
		this.time.pass(Duration.ofMinutes(150));
		this.clock.correct(Instant.parse("2026-01-01T01:30:00Z"));
		this.time.pass(HOUR.multipliedBy(3));
		assertThat(this.starts).hasSize(1);
		assertThat(job.nextRun()).isEqualTo("2026-01-02T02:30:00Z");
	}

	@Test
	void clockThatHadBeenWrongByYearsDoesNotSilenceTheJob() throws Exception {
		this.clock.correct(Instant.parse("2036-01-01T02:00:00Z"));
		PeriodicJobHandle job = add("0 30 2 * * *");
		this.time.pass(HOUR);
		assertThat(this.starts).hasSize(1);
		this.clock.correct(Instant.parse("2026-01-01T00:00:00Z"));
		assertThat(job.nextRun()).isEqualTo("2026-01-01T02:30:00Z");
		this.time.pass(HOUR.multipliedBy(3));
		assertThat(this.starts).hasSize(2);
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
	}

	@Test
	void waitIsCutIntoPiecesOfSixtySeconds() throws Exception {
		add("0 0 0 1 2 *");
		for (int i = 0; i < 10; i++) {
			long before = this.clock.calls();
			this.time.pass(Duration.ofSeconds(60));
			assertThat(this.clock.calls()).isGreaterThan(before);
		}
		assertThat(this.clock.calls()).isLessThan(20);
		assertThat(this.clock.timers()).isOne();
	}

	@Test
	void manyMissedInstantsDoNotHoldTheClockUp() throws Exception {
		PeriodicJobHandle job = add("* * * * * *");
		this.time.pass(Duration.ZERO);
		this.clock.correct(Instant.parse("2126-01-01T00:00:00Z"));
		this.time.pass(Duration.ofSeconds(1));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
		assertThat(job.nextRun()).isEqualTo("2126-01-01T00:00:02Z");
	}

	@Test
	void rescheduledJobRunsAtTheFirstInstantFromNowOn() throws Exception {
		PeriodicJobHandle job = add("0 0 * * * *");
		this.time.pass(Duration.ofMinutes(10));
		job.reschedule(new JobSchedule.Cron("0 */15 * * * *", ZoneOffset.UTC));
		assertThat(job.nextRun()).isEqualTo("2026-01-01T00:15:00Z");
		this.time.pass(Duration.ofMinutes(5));
		assertThat(this.starts).hasSize(2);
	}

	private PeriodicJobHandle add(String expression) throws InterruptedException {
		return add(expression, ZoneOffset.UTC);
	}

	private PeriodicJobHandle add(String expression, ZoneId zone) throws InterruptedException {
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("cron").cron(expression, zone),
				(context) -> this.starts.add(this.clock.instant()));
		this.engine.start();
		return job;
	}

}
