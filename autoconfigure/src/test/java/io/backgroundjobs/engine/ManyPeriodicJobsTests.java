package io.backgroundjobs.engine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that ten thousand jobs of one second run together in a small heap, and that none
 * of them is starved.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManyPeriodicJobsTests {

	private static final int JOBS = 10_000;

	private static final int SECONDS = 5;

	@Test
	void tenThousandJobsOfOneSecondRunInASmallHeap(@TempDir Path directory) throws Exception {
		Path output = directory.resolve("output.txt");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp",
				System.getProperty("java.class.path") + File.pathSeparator
						+ System.getProperty("surefire.test.class.path", ""),
				Application.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(Files.readString(output)).contains("starved 0").contains("accounted " + JOBS);
		assertThat(process.exitValue()).isZero();
	}

	/**
	 * What runs in the other process.
	 */
	public static final class Application {

		private Application() {
		}

		public static void main(String[] args) throws InterruptedException {
			JobEngine engine = new JobEngineBuilder().build();
			List<PeriodicJobHandle> jobs = new ArrayList<>();
			long[] begins = new long[JOBS];
			int[] ran = new int[JOBS];
			engine.start();
			for (int i = 0; i < JOBS; i++) {
				int number = i;
				begins[i] = System.nanoTime();
				jobs.add(engine.addPeriodic("job-" + i, Duration.ofSeconds(1), () -> ran[number]++));
			}
			TimeUnit.MILLISECONDS.sleep(SECONDS * 1000L + 500);
			engine.stopTicking();
			long end = System.nanoTime();
			engine.stop();
			int starved = 0;
			int accounted = 0;
			for (int i = 0; i < JOBS; i++) {
				long named = TimeUnit.NANOSECONDS.toSeconds(end - begins[i]) + 1;
				starved += (ClockedEngine.count(jobs.get(i), TickResult.RAN) < named - 1) ? 1 : 0;
				accounted += (Math.abs(ClockedEngine.sum(jobs.get(i)) - named) <= 1) ? 1 : 0;
			}
			System.out.println("starved " + starved);
			System.out.println("accounted " + accounted);
		}

	}

}
