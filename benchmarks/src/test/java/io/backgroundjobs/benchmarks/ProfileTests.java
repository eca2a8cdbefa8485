package io.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Profile} and {@link FlightRecording}.
 */
class ProfileTests {

	@Test
	void sharesAreOfAllSamplesAndEachMethodOfAStackCountsOnce() {
		Profile profile = new Profile();
		for (int i = 0; i < 75; i++) {
			profile.sample("worker-" + i, List.of("A.inner", "A.outer", "A.outer"), "Inlined");
		}
		for (int i = 0; i < 25; i++) {
			profile.sample("main", List.of("A.outer"), "Interpreted");
		}
		assertThat(profile.markdown()).contains("100 samples")
			.contains("By thread: worker-n 75.0 %, main 25.0 %.")
			.contains("By code: inlined 75.0 %, interpreted 25.0 %.")
			.contains("| 75.0 % | 75.0 % | `A.inner` |")
			.contains("| 25.0 % | 100.0 % | `A.outer` |")
			.contains("No garbage collection.");
	}

	@Test
	void fewSamplesTellNothingOfMethods() {
		Profile profile = new Profile();
		profile.sample("main", List.of("A.inner"), "Inlined");
		assertThat(profile.markdown()).doesNotContain("A.inner").contains("hardly ever seen at work");
	}

	@Test
	void memoryAndPausesAreAddedUp() {
		Profile profile = new Profile();
		profile.allocation("java.lang.String", 300);
		profile.allocation("byte[]", 100);
		profile.collection(Duration.ofMillis(5));
		profile.collection(Duration.ofMillis(10));
		assertThat(profile.markdown()).contains("| 75.0 % | `java.lang.String` |")
			.contains("| 25.0 % | `byte[]` |")
			.contains("2 garbage collections, which stopped all threads for 15.0 ms together and 10.0 ms at most.");
	}

	/**
	 * In a JVM of its own, as the benchmarks do.
	 */
	@Test
	void whatAJvmHasRecordedIsRead(@TempDir Path directory) throws Exception {
		FlightRecording recording = new FlightRecording(directory.resolve("recording.jfr"));
		Experiment stop = Benchmarks.experiment("stop");
		new OwnJvm(stop, stop.cells(Effort.PROFILE).get(0), Effort.PROFILE).measure(recording.jvmOptions());
		Profile profile = new Profile();
		recording.readInto(profile);
		assertThat(profile.markdown()).contains("% | `");
	}

}
