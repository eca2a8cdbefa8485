package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSnapshot;

/**
 * What {@link ManyJobsTests} runs in another process. All rounds' bodies together would
 * not fit into its memory, though all handles are kept.
 */
public final class ManyJobs {

	private static final int JOBS = 100_000;

	private static final int ROUNDS = 3;

	private ManyJobs() {
	}

	public static void main(String[] args) throws Exception {
		JobEngine engine = new JobEngineBuilder().pool(PoolBench.pool(4).withPendingLimit(JOBS))
			.keepAlive(Duration.ofMillis(50))
			.build();
		engine.start();
		List<Job<?>> handles = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			round(engine, handles);
		}
		PoolSnapshot pool = PoolBench.look(engine);
		boolean empty = engine.jobs().isEmpty() && pool.active() == 0 && pool.pending() == 0
				&& handles.size() == ROUNDS * JOBS;
		System.out.println(empty ? "empty" : "left: " + pool);
	}

	private static void round(JobEngine engine, List<Job<?>> handles) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(JOBS);
		JobOptions plain = JobOptions.named("plain");
		JobOptions timed = JobOptions.named("timed").timeout(Duration.ofHours(1));
		JobOptions delayed = JobOptions.named("delayed").delay(Duration.ofMillis(1));
		engine.pausePool("default");
		for (int i = 0; i < JOBS; i++) {
			byte[] load = new byte[1024];
			JobOptions options = (i % 10 == 0) ? timed : (i % 10 == 1) ? delayed : plain;
			handles.add(engine.spawn(options, () -> {
				load[0] = 1;
				done.countDown();
			}));
		}
		engine.resumePool("default");
		done.await();
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
	}

}
