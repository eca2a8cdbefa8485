package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.PoolThreads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of how threads are made.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class WorkerThreadsTests {

	@Test
	void virtualThreadsAreRefusedWhereTheJdkHasNone() {
		PoolSpec pool = PoolSpec.named("mail").withThreads(PoolThreads.VIRTUAL);
		JobEngineBuilder builder = new JobEngineBuilder().pool(pool);
		if (Runtime.version().feature() >= 21) {
			assertThat(builder.build()).isNotNull();
		}
		else {
			assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(builder::build)
				.withMessageContaining("'mail'");
		}
	}

	@Test
	void preferenceIsNoDemand() {
		PoolSpec pool = PoolSpec.named("mail");
		assertThat(WorkerThreads.of(pool, true).newThread(() -> {
		})).isNotNull();
	}

	@Test
	void platformThreadsAreNamedNumberedAndNoDaemons() {
		Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
		PoolSpec pool = PoolSpec.named("mail").withThreads(PoolThreads.PLATFORM);
		Thread thread = WorkerThreads.of(pool, true).newThread(() -> {
		});
		assertThat(thread.getName()).isEqualTo("job-mail-1");
		assertThat(thread.isDaemon()).isFalse();
		assertThat(thread.getContextClassLoader()).isSameAs(WorkerThreads.class.getClassLoader());
	}

	@Test
	void whenAThreadCannotBeStartedThenTheRunWaitsAndIsNotLost() throws Exception {
		ManualClock clock = new ManualClock();
		boolean[] broken = { true };
		PoolSpec spec = PoolSpec.named("mail").withLimit(1);
		Pool pool = new Pool(spec, Runs.engine(clock), (run) -> null, (task) -> {
			if (broken[0]) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return new Thread(task, "mended");
		}, Duration.ofMillis(1), 0);
		assertThat(pool.admit(Runs.of(pool, () -> {
		}), Entry.NOW, null)).isNull();
		assertThat(pool.snapshot().active()).isOne();
		broken[0] = false;
		clock.advance(Duration.ofSeconds(1));
		Eventually.holds(() -> pool.snapshot().active() == 0);
	}

}
