package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of adding, finding, replacing and removing periodic jobs, and of what is refused.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PeriodicRegistryTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine();

	private final JobEngine engine = this.time.engine();

	private final Gate gate = new Gate();

	@AfterEach
	void stop() {
		this.gate.open(1000);
		this.engine.stop();
	}

	@Test
	void jobsAreFoundByTheirNamesInTheOrderInWhichTheyWereAdded() {
		PeriodicJobHandle second = add(spec("b"));
		PeriodicJobHandle first = add(spec("a"));
		assertThat(this.engine.periodicJobs()).containsExactly(second, first);
		assertThat(this.engine.findPeriodic("a")).containsSame(first);
		assertThat(this.engine.findPeriodic("c")).isEmpty();
		assertThat(first.name()).isEqualTo("a");
		assertThat(first).hasToString("PeriodicJob[a, every PT1S]");
	}

	@Test
	void namesThatAreEqualInTheUniformFormAreDuplicates() {
		add(spec("maintenance.removeExpired"));
		for (String name : new String[] { "maintenance.removeExpired", "maintenance.remove-expired",
				"MAINTENANCE.REMOVEEXPIRED" }) {
			assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> add(spec(name)))
				.withMessage("There is a periodic job 'maintenance.removeExpired' already, so '%s' cannot be added",
						name)
				.satisfies((ex) -> assertThat(ex.action()).contains("another name", "PeriodicJobSpec.replacing()"));
			assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> add(spec(name).enabled(false)));
		}
		add(spec("maintenance_remove.Expired"));
		assertThat(this.engine.periodicJobs()).hasSize(2);
		assertThat(this.engine.findPeriodic("maintenance.remove-expired")).isEmpty();
	}

	@Test
	void replacingJobTakesThePlaceOfTheOther() throws Exception {
		PeriodicJobHandle old = add(spec("tick"));
		this.engine.start();
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		PeriodicJobHandle replacing = add(spec("Tick").replacing());
		assertThat(this.engine.periodicJobs()).containsExactly(replacing);
		assertThat(this.time.clock().timers()).isOne();
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.gate.open(2);
		this.time.awaitIdle();
		this.time.clock().advance(SECOND);
		assertThat(old.lastRun()).isNotNull().returns(JobState.SUCCEEDED, Job::state);
		assertThat(old.nextRun()).isNull();
		assertThat(ClockedEngine.sum(old)).isOne();
		Eventually.holds(() -> ClockedEngine.sum(replacing) == 2);
		old.remove();
		assertThat(this.engine.findPeriodic("Tick")).containsSame(replacing);
	}

	@Test
	void replacingJobNeedsNoneToReplace() {
		assertThat(this.engine.findPeriodic(add(spec("tick").replacing()).name())).isPresent();
	}

	@Test
	void removedJobTicksNoMoreAndItsNameIsFree() throws Exception {
		PeriodicJobHandle job = add(spec("tick"));
		this.engine.start();
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		job.remove();
		job.remove();
		assertThat(this.engine.periodicJobs()).isEmpty();
		assertThat(job.nextRun()).isNull();
		assertThat(this.time.clock().timers()).isZero();
		this.time.clock().advance(SECOND.multipliedBy(5));
		assertThat(ClockedEngine.sum(job)).isOne();
		assertThat(job.lastRun()).isNotNull().returns(JobState.RUNNING, Job::state);
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(job.lastRun()).returns(JobState.SUCCEEDED, Job::state);
		add(spec("tick"));
		job.remove();
		assertThat(this.engine.periodicJobs()).hasSize(1);
	}

	@Test
	void removeCancelsTheRunThatWaitsForAnother() throws Exception {
		PeriodicJobHandle job = add(spec("tick").overlap(OverlapPolicy.QUEUE_ONE));
		this.engine.start();
		this.time.clock().advance(SECOND);
		this.gate.awaitEntered(1);
		assertThat(this.engine.jobs()).hasSize(2);
		job.remove();
		assertThat(this.engine.jobs()).hasSize(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L).containsEntry(TickResult.CANCELLED, 1L);
	}

	@Test
	void removeAllRemovesAll() throws Exception {
		PeriodicJobHandle a = add(spec("a"));
		PeriodicJobHandle b = add(PeriodicJobSpec.named("b").cron("0 0 0 * * *", ZoneOffset.UTC));
		this.engine.start();
		this.engine.removeAllPeriodic();
		assertThat(this.engine.periodicJobs()).isEmpty();
		assertThat(this.time.clock().timers()).isZero();
		this.time.pass(Duration.ofDays(2));
		assertThat(ClockedEngine.sum(a) + ClockedEngine.sum(b)).isZero();
	}

	@Test
	void removedJobLeavesNoTimerWhenItsRunLeaves() throws Exception {
		PeriodicJobHandle job = add(PeriodicJobSpec.named("pause").fixedDelay(SECOND));
		this.engine.start();
		this.time.clock().advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		job.remove();
		this.gate.open(1);
		this.time.awaitIdle();
		assertThat(this.time.clock().timers()).isZero();
	}

	@Test
	void jobThatIsDisabledIsKnownAndNeverTicks() throws Exception {
		PeriodicJobHandle job = add(spec("tick").enabled(false));
		this.engine.start();
		this.time.pass(SECOND.multipliedBy(3));
		assertThat(this.engine.periodicJobs()).containsExactly(job);
		assertThat(job.nextRun()).isNull();
		assertThat(ClockedEngine.sum(job)).isZero();
	}

	@Test
	void intervalBelowTheMinimumIsRefused() {
		assertRefused(PeriodicJobSpec.named("tick").every(Duration.ofNanos(999_999)),
				"The interval 'every' of the periodic job 'tick' is PT0.000999999S, below the minimum of PT0.001S");
		ClockedEngine strict = new ClockedEngine((builder) -> builder.minimumInterval(SECOND));
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> strict.engine()
			.addPeriodic(PeriodicJobSpec.named("tick").fixedDelay(Duration.ofMillis(999)), ClockedEngine.at(this.gate)))
			.withMessage("The interval 'fixedDelay' of the periodic job 'tick' is PT0.999S, below the minimum of PT1S")
			.satisfies((ex) -> assertThat(ex.action()).contains("background-jobs.minimum-interval"));
		add(PeriodicJobSpec.named("tick").every(Duration.ofMillis(1)));
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> new JobEngineBuilder().minimumInterval(Duration.ofNanos(1)));
	}

	@Test
	void specificationThatCannotWorkIsRefusedWithTheNameOfTheJob() {
		assertRefused(PeriodicJobSpec.named("tick"), "The periodic job 'tick' has no schedule");
		assertRefused(spec("tick").executor(Runnable::run).pool("default"),
				"The periodic job 'tick' has both an executor and the pool 'default'");
		assertRefused(spec("tick").pool("nowhere"),
				"Job 'tick' names the pool 'nowhere', which does not exist; the pools are [default]");
		assertRefused(spec("tick").scope(JobScope.CLUSTER), "CLUSTER");
		assertRefused(PeriodicJobSpec.named("tick").cron("30 2 * * *"), "'tick'", "has five fields");
		assertRefused(PeriodicJobSpec.named("tick").cron("0 0 0 31 2 *"), "'tick'", "'0 0 0 31 2 *' never fires");
		assertRefused(PeriodicJobSpec.named("tick").cron("nonsense"), "'tick'", "'nonsense' is not valid");
	}

	@Test
	void valuesThatCannotWorkAreRefusedAtOnce() {
		PeriodicJobSpec spec = PeriodicJobSpec.named("tick");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> spec.every(Duration.ZERO));
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> spec.fixedDelay(SECOND.negated()));
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> spec.initialDelay(SECOND.negated()))
			.withMessageContaining("'tick'");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> spec.jitter(SECOND.negated()))
			.withMessageContaining("'tick'");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> spec.catchUpLimit(0))
			.withMessageContaining("'tick'");
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> PeriodicJobSpec.named("a b"));
	}

	@Test
	void scheduleThatCannotWorkIsRefusedAndTheOldOneGoesOn() throws Exception {
		PeriodicJobHandle job = add(spec("tick"));
		this.engine.start();
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> job.reschedule(new JobSchedule.Cron("* * * * *", ZoneOffset.UTC)));
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> job.reschedule(new JobSchedule.FixedRate(Duration.ofNanos(1))));
		assertThat(job.spec().schedule()).isEqualTo(new JobSchedule.FixedRate(SECOND));
		this.gate.open(10);
		this.time.pass(SECOND.multipliedBy(2));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 3L);
	}

	private static PeriodicJobSpec spec(String name) {
		return PeriodicJobSpec.named(name).every(SECOND);
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec) {
		return this.engine.addPeriodic(spec, ClockedEngine.at(this.gate));
	}

	private void assertRefused(PeriodicJobSpec spec, CharSequence... message) {
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> add(spec))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains(message))
			.satisfies((ex) -> assertThat(ex.action()).isNotBlank());
		assertThat(this.engine.periodicJobs()).isEmpty();
	}

}
