package io.backgroundjobs.durable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.JobEngine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator does to a pool counts for durable jobs at once, and not from the next
 * poll on.
 */
class PoolSteeringTests {

	private static final int PATIENCE_SECONDS = 15;

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aResumedPoolGetsWhatWaits(TestDatabase database) throws Exception {
		runsOnlyAfter(database, (engine) -> engine.pausePool("work"), (engine) -> engine.resumePool("work"));
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatWaitedDuringAHoldRunsAfterIt(TestDatabase database) throws Exception {
		runsOnlyAfter(database, JobEngine::hold, JobEngine::release);
	}

	private static void runsOnlyAfter(TestDatabase database, Consumer<JobEngine> stops, Consumer<JobEngine> goesOn)
			throws Exception {
		CountDownLatch ran = new CountDownLatch(3);
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.pool(PoolSpec.named("work").withLimit(2)))) {
			DurableJob<String> job = one.register(
					DurableJob.of(JobOptions.named("text").pool("work"), String.class, (text, run) -> ran.countDown()));
			one.start();
			stops.accept(one.engine);
			for (int i = 0; i < 3; i++) {
				one.store.spawn(job, "waits");
			}
			assertThat(ran.await(1, TimeUnit.SECONDS)).isFalse();
			assertThat(ran.getCount()).isEqualTo(3);
			goesOn.accept(one.engine);
			assertThat(ran.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void anEnlargedPoolFillsItsNewPlaces(TestDatabase database) throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch first = new CountDownLatch(1);
		CountDownLatch inside = new CountDownLatch(6);
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.pool(PoolSpec.named("work").withLimit(1)))) {
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text").pool("work"), String.class, (text, run) -> {
					first.countDown();
					inside.countDown();
					gate.await(2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
				}));
			one.start();
			for (int i = 0; i < 6; i++) {
				one.store.spawn(job, "waits");
			}
			assertThat(first.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			assertThat(inside.await(1, TimeUnit.SECONDS)).isFalse();
			one.engine.resizePool("work", 6);
			assertThat(inside.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
			gate.countDown();
		}
	}

}
