package io.backgroundjobs.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that many jobs leave nothing behind, in a process of its own with little memory.
 * It never stops its scheduler: that it ends at all shows that no thread is left.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManyJobsTests {

	@Test
	void hundredThousandJobsLeaveNoThreadAndNoEntryBehind(@TempDir Path directory) throws Exception {
		Path output = directory.resolve("output.txt");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp", System.getProperty("java.class.path"), ManyJobs.class.getName())
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

}
