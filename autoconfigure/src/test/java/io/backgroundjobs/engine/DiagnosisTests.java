package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the engine warns of by itself.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
class DiagnosisTests {

	private static final String SATURATED = "s for a place";

	private static final String STARVED = "The clock is";

	private static final String TOO_OFTEN = "takes longer than its schedule";

	private static final Duration SECOND = Duration.ofSeconds(1);

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final ManualClock clock = new ManualClock();

	private final Gate gate = this.bench.gate();

	private final JobEngine engine = this.bench.start((builder) -> builder.clock(this.clock), PoolBench.pool(1));

	@Test
	void jobThatWaitedLongForItsPlaceIsTold(CapturedOutput output) throws Exception {
		this.engine.spawn("slow", PoolBench.through(this.gate));
		Job<?> second = this.engine.spawn("second", PoolBench.through(this.gate));
		Job<?> third = this.engine.spawn("third", () -> "x");
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(31));
		assertThat(output).doesNotContain(SATURATED);
		this.gate.open(1);
		this.gate.awaitEntered(1);
		assertThat(output).contains("Job 'second' (" + second.id() + ") has waited 31 s for a place in pool 'default' "
				+ "(active 1 of 1, pending 1). Held by: second x 1");
		this.gate.open(1);
		third.await();
		assertThat(count(output, SATURATED)).isOne();
	}

	@Test
	void poolInWhichNothingStartsIsToldByTheNextSpawn(CapturedOutput output) throws Exception {
		this.engine.spawn("stuck", PoolBench.through(this.gate));
		this.engine.spawn("second", () -> "x");
		this.gate.awaitEntered(1);
		this.clock.advance(Duration.ofSeconds(29));
		this.engine.spawn("third", () -> "x");
		assertThat(output).doesNotContain(SATURATED);
		this.clock.advance(SECOND);
		this.engine.spawn("fourth", () -> "x");
		assertThat(output).contains("Job 'second'").contains("has waited 30 s").contains("Held by: stuck x 1");
		this.clock.advance(SECOND);
		this.engine.spawn("fifth", () -> "x");
		assertThat(count(output, SATURATED)).isOne();
		this.clock.advance(Duration.ofMinutes(5));
		this.engine.spawn("sixth", () -> "x");
		assertThat(count(output, SATURATED)).isEqualTo(2);
	}

	@Test
	void timeForWhichThePoolWasPausedDoesNotCount(CapturedOutput output) throws Exception {
		this.engine.pausePool("default");
		Job<?> job = this.engine.spawn("first", () -> "x");
		this.clock.advance(Duration.ofMinutes(10));
		Job<?> second = this.engine.spawn("second", () -> "x");
		this.engine.resumePool("default");
		assertThat(this.engine.poolWaitingSince("default")).satisfiesAnyOf((since) -> assertThat(since).isNull(),
				(since) -> assertThat(since).isEqualTo(this.clock.instant()));
		job.await();
		second.await();
		assertThat(output).doesNotContain(SATURATED);
	}

	@Test
	void stacksOfManyBodiesThatIgnoreTheirInterruptAreNotAllShown(CapturedOutput output) throws Exception {
		int many = Diagnosis.STUCK_SHOWN + 5;
		this.engine.resizePool("default", many);
		List<Job<?>> jobs = new ArrayList<>();
		for (int i = 0; i < many; i++) {
			jobs.add(this.engine.spawn("stubborn", PoolBench.ignoring(this.gate)));
		}
		this.gate.awaitEntered(many);
		jobs.forEach(Job::cancel);
		this.clock.advance(Duration.ofMinutes(1));
		Eventually.holds(() -> this.engine.isIdle() && output.toString().contains("No more of these warnings"));
		assertThat(count(output, "ignores the interrupt")).isEqualTo(Diagnosis.STUCK_SHOWN);
	}

	@Test
	void jobThatIsDelayedHasNotWaitedForAPlace(CapturedOutput output) throws Exception {
		Job<?> delayed = this.engine.spawn(PoolBench.in("default").delay(Duration.ofMinutes(1)), (job) -> "x");
		this.clock.advance(Duration.ofMinutes(1));
		delayed.await();
		assertThat(output).doesNotContain(SATURATED);
	}

	@Test
	void clockThatIsLateIsToldOnceInAWhile(CapturedOutput output) throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic("tick", SECOND.multipliedBy(10), () -> {
		});
		this.clock.advance(SECOND.multipliedBy(10));
		this.clock.jump(SECOND.multipliedBy(10).plusMillis(999));
		assertThat(output).doesNotContain(STARVED);
		this.clock.jump(SECOND.multipliedBy(12));
		assertThat(output).contains("The clock is 2999 ms late");
		this.clock.jump(SECOND.multipliedBy(15));
		assertThat(count(output, STARVED)).isOne();
		job.remove();
	}

	@Test
	void scheduleThatIsFasterThanItsBodyIsToldOnceInAWhile(CapturedOutput output) throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic("tick", SECOND, () -> this.gate.passUninterrupted());
		for (int run = 1; run <= 5; run++) {
			this.clock.advance(SECOND);
			this.gate.awaitEntered(1);
			this.clock.advance(SECOND);
			assertThat(count(output, TOO_OFTEN)).isEqualTo((run > 3) ? 1 : 0);
			letGo(job);
		}
		assertThat(output).contains("The periodic job 'tick'").contains("the last of which took 1000 ms");
	}

	@Test
	void oneSlowRunIsNotTold(CapturedOutput output) throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				PeriodicJobSpec.named("tick").every(SECOND).overlap(OverlapPolicy.SKIP),
				() -> this.gate.passUninterrupted());
		for (int run = 1; run <= 6; run++) {
			this.clock.advance(SECOND);
			this.gate.awaitEntered(1);
			// Every third is fast.
			this.clock.advance((run % 3 != 0) ? SECOND.multipliedBy(7) : Duration.ZERO);
			letGo(job);
		}
		assertThat(output).doesNotContain(TOO_OFTEN);
	}

	private void letGo(PeriodicJobHandle job) throws InterruptedException {
		Job<?> run = job.lastRun();
		assertThat(run).isNotNull();
		this.gate.open(1);
		Eventually.holds(() -> run.state().isEnded() && this.engine.isIdle());
	}

	private static int count(CapturedOutput output, String text) {
		return output.toString().split(text, -1).length - 1;
	}

}
