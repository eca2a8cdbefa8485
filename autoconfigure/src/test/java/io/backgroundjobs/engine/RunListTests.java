package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RunList}, whose runs may leave from anywhere.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RunListTests {

	private static final Logger logger = LoggerFactory.getLogger(RunListTests.class);

	/** More than fit into some chunks. */
	private static final int MANY = 200;

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Venue venue = new Outside("caller", Runs.engine(new ManualClock()), (run) -> null, 0);

	private final RunList list = new RunList();

	@Test
	void whenTheLastOnesLeaveFirstThenTheOthersAreFoundInTheirOrder() {
		for (int left = 0; left < MANY; left++) {
			List<JobRun<?>> runs = add(MANY);
			for (int i = MANY - 1; i >= left; i--) {
				this.list.remove(runs.remove(i));
			}
			runs.addAll(add(1));
			assertPolled(runs);
		}
	}

	@Test
	void itIsWhatAPlainListIsWhoeverComesAndLeaves() {
		long seed = Long.getLong("stress.seed", System.nanoTime());
		logger.info("Runs that come and leave, seed {}", seed);
		Random random = new Random(seed);
		List<JobRun<?>> expected = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			expected.addAll(add(random.nextInt(MANY)));
			int from = random.nextInt(expected.size() + 1);
			int count = random.nextInt(expected.size() - from + 1);
			for (int j = 0; j < count; j++) {
				this.list.remove(expected.remove(from));
			}
			assertThat(this.list.size()).isEqualTo(expected.size());
			assertThat(this.list.first()).isSameAs(expected.isEmpty() ? null : expected.get(0));
			if (random.nextInt(4) == 0) {
				JobRun<?> polled = this.list.poll();
				assertThat(polled).isSameAs(expected.isEmpty() ? null : expected.remove(0));
			}
			assertThat(this.list.addTo(new ArrayList<>())).isEqualTo(expected);
		}
		assertPolled(expected);
	}

	@Test
	void whenManyPendingJobsAreCancelledThenThoseBeforeAndAfterThemRun() throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(1));
		Gate gate = this.bench.gate();
		engine.spawn("holder", PoolBench.through(gate));
		gate.awaitEntered(1);
		List<Job<?>> before = spawn(engine, 64);
		spawn(engine, 64).forEach(Job::cancel);
		List<Job<?>> after = spawn(engine, 64);
		assertThat(PoolBench.look(engine).pending()).isEqualTo(128);
		gate.open(1);
		for (Job<?> job : before) {
			job.await();
		}
		for (Job<?> job : after) {
			job.await();
		}
		assertThat(PoolBench.look(engine).pending()).isZero();
	}

	private static List<Job<?>> spawn(JobEngine engine, int count) {
		List<Job<?>> jobs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			jobs.add(engine.spawn("job", () -> "x"));
		}
		return jobs;
	}

	private List<JobRun<?>> add(int count) {
		List<JobRun<?>> runs = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			JobRun<?> run = Runs.of(this.venue, () -> {
			});
			this.list.add(run);
			runs.add(run);
		}
		return runs;
	}

	private void assertPolled(List<JobRun<?>> runs) {
		for (JobRun<?> run : runs) {
			assertThat(this.list.first()).isSameAs(run);
			assertThat(this.list.poll()).isSameAs(run);
			assertThat(run.list()).isNull();
		}
		assertThat(this.list.poll()).isNull();
	}

}
