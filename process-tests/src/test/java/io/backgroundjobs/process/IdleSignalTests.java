package io.backgroundjobs.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import io.backgroundjobs.process.work.Form;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGTERM while nothing goes on: there is nothing to wait for. Alone, because it
 * measures.
 */
@Isolated
class IdleSignalTests {

	private static final int STARTS = 3;

	@TempDir
	private Path directory;

	@Test
	void idleApplicationEndsAsFastAsWithoutTheStarter() throws Exception {
		List<Duration> with = new ArrayList<>();
		List<Duration> without = new ArrayList<>();
		for (int i = 0; i < STARTS; i++) {
			with.add(exit(ApplicationProcess.start(directory("with", i), List.of())));
			without.add(exit(ApplicationProcess.startAsync(directory("without", i), List.of())));
		}
		System.out.printf("Idle, from SIGTERM to the exit: %d ms with the starter, %d ms without (medians of %d)%n",
				median(with).toMillis(), median(without).toMillis(), STARTS);
		assertThat(median(with)).isLessThan(median(without).plusSeconds(1));
	}

	private Path directory(String name, int number) throws Exception {
		return Files.createDirectory(this.directory.resolve(name + number));
	}

	/**
	 * Let a few jobs run, and signal when they have.
	 */
	private static Duration exit(ApplicationProcess application) throws Exception {
		try (application) {
			application.post(Form.PLAIN, 1, "count=5");
			LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
			application.terminate();
			return application.awaitEnd();
		}
	}

	private static Duration median(List<Duration> durations) {
		return durations.stream().sorted().toList().get(STARTS / 2);
	}

}
