package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the constant shift of a job's ticks.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class JitterTickTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@Test
	void shiftIsConstantAndNotCountedAsLateness() throws Exception {
		ClockedEngine time = new ClockedEngine();
		PeriodicJobHandle job = add(time, PeriodicJobSpec.named("tick").every(MINUTE).jitter(MINUTE));
		Duration phase = time.next(job);
		assertThat(phase).isPositive().isLessThan(MINUTE);
		for (int i = 1; i <= 10; i++) {
			time.pass(MINUTE);
			assertThat(time.next(job)).isEqualTo(phase.plus(MINUTE.multipliedBy(i)));
		}
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 10L);
		assertThat(time.lateness()).hasSize(10).containsOnly(Duration.ZERO);
		time.engine().stop();
	}

	@Test
	void shiftIsTheSameInAnotherSchedulerOfTheInstance() {
		PeriodicJobSpec spec = PeriodicJobSpec.named("tick").every(MINUTE).jitter(MINUTE);
		assertThat(phase("one", spec)).isEqualTo(phase("one", spec));
	}

	@Test
	void shiftDiffersByNameAndInstance() {
		assertThat(IntStream.range(0, 50).mapToObj((i) -> phase("instance-" + i, spec("tick"))))
			.doesNotHaveDuplicates();
		assertThat(IntStream.range(0, 50).mapToObj((i) -> phase("one", spec("tick-" + i)))).doesNotHaveDuplicates();
	}

	@Test
	void shiftIsBelowTheInterval() {
		Duration second = Duration.ofSeconds(1);
		for (int i = 0; i < 200; i++) {
			PeriodicJobSpec rate = PeriodicJobSpec.named("tick-" + i).every(second).jitter(MINUTE);
			assertThat(phase("one", rate)).isLessThan(second);
			PeriodicJobSpec pause = PeriodicJobSpec.named("tick-" + i).fixedDelay(second).jitter(MINUTE);
			assertThat(phase("one", pause)).isLessThan(second);
			PeriodicJobSpec cron = PeriodicJobSpec.named("tick-" + i)
				.cron("* * * * * *", ZoneOffset.UTC)
				.jitter(MINUTE);
			assertThat(phase("one", cron)).isLessThan(second);
		}
	}

	@Test
	void cronRunsShiftedByLessThanItsShortestInterval() throws Exception {
		ClockedEngine time = new ClockedEngine();
		PeriodicJobHandle job = add(time,
				PeriodicJobSpec.named("cron").cron("0 0,50 * * * *", ZoneOffset.UTC).jitter(Duration.ofHours(5)));
		Duration phase = time.next(job);
		assertThat(phase).isPositive().isLessThan(Duration.ofMinutes(10));
		time.pass(Duration.ofHours(1));
		assertThat(job.ticks()).containsEntry(TickResult.RAN, 2L);
		assertThat(time.lateness()).containsOnly(Duration.ZERO);
		assertThat(time.next(job)).isEqualTo(Duration.ofHours(1).plus(phase));
		time.engine().stop();
	}

	@Test
	void shiftOfAFixedDelayIsThatOfItsFirstTick() throws Exception {
		ClockedEngine time = new ClockedEngine();
		PeriodicJobHandle job = add(time, PeriodicJobSpec.named("pause").fixedDelay(MINUTE).jitter(MINUTE));
		Duration phase = time.next(job);
		assertThat(phase).isPositive().isLessThan(MINUTE);
		time.pass(phase);
		assertThat(time.next(job)).isEqualTo(phase.plus(MINUTE));
		time.engine().stop();
	}

	private static PeriodicJobSpec spec(String name) {
		return PeriodicJobSpec.named(name).every(Duration.ofDays(1)).jitter(Duration.ofDays(1));
	}

	private static Duration phase(String instance, PeriodicJobSpec spec) {
		ClockedEngine time = new ClockedEngine((builder) -> builder.instance(instance));
		Duration phase = time.next(add(time, spec));
		time.engine().stop();
		return phase;
	}

	private static PeriodicJobHandle add(ClockedEngine time, PeriodicJobSpec spec) {
		PeriodicJobHandle job = time.engine().addPeriodic(spec, () -> {
		});
		time.engine().start();
		return job;
	}

}
