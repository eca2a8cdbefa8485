package io.backgroundjobs.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two hundred starts and stops in one JVM leave no thread, and the heap as it was.
 */
class StartStopCyclesTests {

	private static final int CYCLES = StartStopCycles.CYCLES;

	private static final int WARM = StartStopCycles.WARM;

	private static final long FLAT = 1 << 20;

	/** One for each cycle in between is a leak. */
	private static final long LEAK = CYCLES - WARM;

	private static final String ENGINE = "io.backgroundjobs.engine.";

	/**
	 * Not the clock's: its one thread ends with the context, or after a minute of rest.
	 */
	private static final Pattern OURS = Pattern.compile("(job-|background-jobs-courier-).*");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "contexts", "scheduler" })
	void cyclesLeaveNoThreadAndAFlatHeap(String what) throws Exception {
		Path log = this.directory.resolve("log");
		Path remains = this.directory.resolve("remains");
		// Actuator keeps some hundred kilobytes of each context, with or without this
		// library. Soft references would make the heap look as if it grew.
		String classPath = ApplicationProcess.classPathWithout((entry) -> entry.contains("actuator"));
		Process process = new ProcessBuilder(ApplicationProcess.java(), "-Xmx160m", "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-XX:SoftRefLRUPolicyMSPerMB=0", "-cp", classPath, StartStopCycles.class.getName(),
				what, remains.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(() -> ApplicationProcess.read(log)).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		List<String> lines = Files.readAllLines(remains);
		long heap = number(lines, CYCLES + " heap");
		long warmHeap = number(lines, WARM + " heap");
		System.out.printf("%d cycles of %s: heap %d KiB after %d and %d KiB at the end, threads %d and %d%n", CYCLES,
				what, warmHeap / 1024, WARM, heap / 1024, number(lines, WARM + " threads"),
				number(lines, CYCLES + " threads"));
		assertThat(startingWith(lines, CYCLES + " thread ")).noneMatch((name) -> OURS.matcher(name).matches());
		assertThat(number(lines, CYCLES + " threads")).isEqualTo(number(lines, WARM + " threads"));
		assertThat(heap).isLessThan(warmHeap + FLAT);
		Map<String, Long> warm = instances(lines, WARM);
		Map<String, Long> instances = instances(lines, CYCLES);
		assertThat(instances)
			.allSatisfy((type, count) -> assertThat(count).isLessThan(warm.getOrDefault(type, 0L) + LEAK));
		if (what.equals("contexts")) {
			assertThat(instances).isNotEmpty()
				.doesNotContainKeys(ENGINE + "LocalJobEngine", ENGINE + "JobRun", ENGINE + "Pool");
		}
	}

	private static long number(List<String> lines, String what) {
		return Long.parseLong(startingWith(lines, what + " ").get(0));
	}

	private static Map<String, Long> instances(List<String> lines, int cycle) {
		return startingWith(lines, cycle + " instances ").stream()
			.map((line) -> line.split(" "))
			.collect(Collectors.toMap((line) -> line[0], (line) -> Long.valueOf(line[1])));
	}

	private static List<String> startingWith(List<String> lines, String prefix) {
		return lines.stream()
			.filter((line) -> line.startsWith(prefix))
			.map((line) -> line.substring(prefix.length()))
			.toList();
	}

}
