package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;

import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of schedules that a {@link Trigger} of the application names.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
class CustomTriggerTests {

	private static final Duration SECOND = ClockedEngine.SECOND;

	private final ClockedEngine time = new ClockedEngine();

	private final JobEngine engine = this.time.engine();

	private final Instant begin = this.time.clock().instant();

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void jobRunsWhenTheTriggerSaysUntilItSaysNothing() throws Exception {
		List<@Nullable Instant> answers = new ArrayList<>();
		answers.add(this.begin.plus(SECOND));
		answers.add(this.begin.plus(SECOND.multipliedBy(5)));
		answers.add(null);
		answers.add(this.begin.plus(SECOND.multipliedBy(6)));
		PeriodicJobHandle job = add((context) -> answers.remove(0));
		assertThat(this.time.next(job)).isEqualTo(SECOND);
		this.time.pass(SECOND);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(5));
		this.time.pass(SECOND.multipliedBy(4));
		assertThat(job.nextRun()).isNull();
		this.time.pass(SECOND.multipliedBy(10));
		job.trigger().await();
		assertThat(answers).hasSize(1);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
		assertThat(ClockedEngine.sum(job)).isEqualTo(2);
	}

	@Test
	void triggerThatNamesNothingAtAllNeverTicks() throws Exception {
		PeriodicJobHandle job = add((context) -> null);
		this.time.pass(Duration.ofHours(1));
		assertThat(job.nextRun()).isNull();
		assertThat(this.time.clock().timers()).isZero();
	}

	@Test
	void triggerThatThrowsEndsItsScheduleWithALog(CapturedOutput output) throws Exception {
		PeriodicJobHandle other = this.engine.addPeriodic("other", SECOND, () -> {
		});
		PeriodicJobHandle job = add((context) -> {
			if (context.lastCompletion() != null) {
				throw new IllegalStateException("no idea");
			}
			return this.begin;
		});
		this.time.pass(Duration.ZERO);
		this.time.pass(SECOND.multipliedBy(3));
		assertThat(output).contains("The trigger of periodic job 'custom' failed; the job ticks no more", "no idea");
		assertThat(job.nextRun()).isNull();
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 1L);
		assertThat(ClockedEngine.sum(other)).isEqualTo(4);
		job.trigger().await();
		job.reschedule(new JobSchedule.FixedRate(SECOND));
		this.time.pass(SECOND);
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
	}

	@Test
	void triggerSeesWhenTheLastTickWasDueAndTheLastRunStartedAndLeft() throws Exception {
		List<List<@Nullable Instant>> seen = new CopyOnWriteArrayList<>();
		CompletableFuture<String> stage = new CompletableFuture<>();
		Trigger trigger = (context) -> {
			seen.add(values(context));
			return (seen.size() < 3) ? this.begin.plus(SECOND.multipliedBy(2L * seen.size())) : null;
		};
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("custom").trigger(trigger),
				() -> (seen.size() == 1) ? stage : null);
		this.engine.start();
		assertThat(seen.get(0)).containsExactly(this.begin, null, null, null);
		this.time.clock().jump(SECOND.multipliedBy(3));
		Eventually.holds(() -> ClockedEngine.sum(job) == 1);
		this.time.clock().jump(SECOND);
		Eventually.holds(() -> job.lastRun() != null);
		assertThat(seen).hasSize(1);
		stage.complete("late");
		this.time.awaitIdle();
		assertThat(seen.get(1)).containsExactly(at(4), at(2), at(3), at(4));
		this.time.pass(Duration.ZERO);
		assertThat(seen.get(2)).containsExactly(at(4), at(4), at(4), at(4));
	}

	@Test
	void triggerIsAskedAgainAfterATickWithoutARun() throws Exception {
		PeriodicJobHandle job = this.engine
			.addPeriodic(PeriodicJobSpec.named("custom").trigger((context) -> next(context)).paused(true), () -> {
			});
		this.engine.start();
		this.time.clock().advance(SECOND);
		Eventually.holds(() -> job.nextRun() != null);
		assertThat(job.ticks()).containsEntry(TickResult.PAUSED, 1L);
		assertThat(this.time.next(job)).isEqualTo(SECOND.multipliedBy(2));
	}

	@Test
	void initialDelayAndJitterShiftWhatTheTriggerNames() throws Exception {
		PeriodicJobHandle later = this.engine.addPeriodic(PeriodicJobSpec.named("later")
			.trigger((context) -> next(context))
			.initialDelay(SECOND.multipliedBy(10)), () -> {
			});
		PeriodicJobHandle shifted = this.engine
			.addPeriodic(PeriodicJobSpec.named("shifted").trigger((context) -> next(context)).jitter(SECOND), () -> {
			});
		this.engine.start();
		assertThat(this.time.next(later)).isEqualTo(SECOND.multipliedBy(10));
		Duration phase = Duration.ofNanos(Jitter.phase("shifted", "one", SECOND.toNanos()));
		assertThat(phase).isPositive();
		assertThat(this.time.next(shifted)).isEqualTo(SECOND.plus(phase));
		this.time.pass(SECOND.multipliedBy(2));
		assertThat(this.time.lateness()).containsExactly(Duration.ZERO);
		assertThat(this.time.next(shifted)).isEqualTo(SECOND.multipliedBy(2).plus(phase));
	}

	@Test
	void triggerMayNameAnInstantBeyondAllTimes() throws Exception {
		PeriodicJobHandle job = add((context) -> Instant.MAX);
		assertThat(job.nextRun()).isEqualTo(Instant.MAX);
		this.time.pass(Duration.ofHours(1));
		assertThat(ClockedEngine.sum(job)).isZero();
		PeriodicJobHandle past = this.engine.addPeriodic(PeriodicJobSpec.named("past")
			.trigger((context) -> (context.lastCompletion() == null) ? Instant.MIN : null), () -> {
			});
		this.time.pass(Duration.ZERO);
		assertThat(past.ticks()).containsEntry(TickResult.RAN, 1L);
	}

	@Test
	void answerOfATriggerThatWasReplacedMeanwhileIsDropped() throws Exception {
		Gate gate = new Gate();
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("custom").trigger((context) -> {
			gate.passUninterrupted();
			return this.begin;
		}), () -> {
		});
		Thread starter = new Thread(this.engine::start);
		starter.start();
		gate.awaitEntered(1);
		job.reschedule(new JobSchedule.Custom((context) -> at(9)));
		gate.open(1);
		starter.join();
		assertThat(job.nextRun()).isEqualTo(at(9));
	}

	@Test
	void triggerThatMeansNeverMayHaveJitter() {
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("custom").trigger((context) -> Instant.MAX).jitter(Duration.ofMinutes(1)), () -> {
				});
		this.engine.start();
		assertThat(job.nextRun()).isEqualTo(Instant.MAX);
	}

	private Instant at(int seconds) {
		return this.begin.plusSeconds(seconds);
	}

	private Instant next(TriggerContext context) {
		Instant last = context.lastScheduledExecution();
		return ((last != null) ? last : this.begin).plus(SECOND);
	}

	private static List<@Nullable Instant> values(TriggerContext context) {
		List<@Nullable Instant> values = new ArrayList<>();
		values.add(context.getClock().instant());
		values.add(context.lastScheduledExecution());
		values.add(context.lastActualExecution());
		values.add(context.lastCompletion());
		return values;
	}

	private PeriodicJobHandle add(Trigger trigger) {
		PeriodicJobHandle job = this.engine.addPeriodic(PeriodicJobSpec.named("custom").trigger(trigger), () -> {
		});
		this.engine.start();
		return job;
	}

}
