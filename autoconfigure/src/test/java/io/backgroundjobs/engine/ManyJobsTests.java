package io.backgroundjobs.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that many jobs leave nothing behind, in a process of its own with little memory.
 * It never stops its scheduler: that it ends at all shows that no thread is left.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManyJobsTests {

	private static final int JOBS = 100_000;

	private static final int ROUNDS = 3;

	@Test
	void hundredThousandJobsLeaveNoThreadAndNoEntryBehind(@TempDir Path directory) throws Exception {
		Path output = directory.resolve("output.txt");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp", System.getProperty("java.class.path"), Program.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			boolean ended = process.waitFor(50, TimeUnit.SECONDS);
			assertThat(read(output)).contains("empty");
			assertThat(ended).as("the process has ended by itself").isTrue();
			assertThat(process.exitValue()).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String read(Path output) throws IOException {
		return Files.readString(output, StandardCharsets.UTF_8);
	}

	/**
	 * What runs in the other process. All rounds' bodies together would not fit into its
	 * memory, though all handles are kept.
	 */
	static final class Program {

		private Program() {
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

}
