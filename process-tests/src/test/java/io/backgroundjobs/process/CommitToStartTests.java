package io.backgroundjobs.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.process.durable.DurableApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a durable job on PostgreSQL waits from the commit of the transaction that
 * spawned it until it starts, while nothing else goes on.
 */
@Isolated
class CommitToStartTests {

	private static final int WARM_UP = 100;

	private static final int MEASURED = 100;

	/** Less than the interval of the polls, which find what nobody tells of. */
	private static final int PATIENCE_SECONDS = 5;

	private static final Duration LONGEST_MEDIAN = Duration.ofMillis(20);

	@Test
	void committedJobStartsWithinMilliseconds() throws Exception {
		TestDatabase database = TestDatabase.create();
		try (ConfigurableApplicationContext context = DurableApplication.builder()
			.sources(Timing.class)
			.run("--spring.datasource.url=" + database.url(), "--durable.instance=only", "--durable.spawns=false")) {
			Timing timing = context.getBean(Timing.class);
			List<Long> waits = new ArrayList<>();
			for (int i = 0; i < WARM_UP + MEASURED; i++) {
				long wait = timing.commitToStart(context);
				if (i >= WARM_UP) {
					waits.add(wait);
				}
			}
			Collections.sort(waits);
			System.out.printf(
					"commit to start on PostgreSQL: median %.2f ms, 90%% within %.2f ms, all within %.2f ms%n",
					waits.get(MEASURED / 2) / 1e6, waits.get(MEASURED * 9 / 10) / 1e6, waits.get(MEASURED - 1) / 1e6);
			assertThat(Duration.ofNanos(waits.get(MEASURED / 2))).isLessThan(LONGEST_MEDIAN);
		}
	}

	/**
	 * A job that says when it has started.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Timing {

		private final BlockingQueue<Long> starts = new ArrayBlockingQueue<>(1);

		private final DurableJob<Integer> timed = DurableJob.of(JobOptions.named("timed"), Integer.class,
				(number, job) -> this.starts.add(System.nanoTime()));

		@Bean
		DurableJob<Integer> timed() {
			return this.timed;
		}

		/**
		 * Spawn a job, and return how long it took to start, the commit itself included.
		 */
		private long commitToStart(ConfigurableApplicationContext context) throws InterruptedException {
			DurableJobs jobs = context.getBean(DurableJobs.class);
			Long commit = context.getBean(TransactionTemplate.class).execute((status) -> {
				jobs.spawn(this.timed, 1);
				return System.nanoTime();
			});
			Long start = this.starts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
			assertThat(start).isNotNull();
			assertThat(commit).isNotNull();
			return start - commit;
		}

	}

}
