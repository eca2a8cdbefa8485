package io.backgroundjobs.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.backgroundjobs.process.work.Form;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGTERM at a random moment under a random load: each job that was accepted is in the
 * database or in the report. {@code -Dsignal.runs=100} makes it a hundred runs,
 * {@code -Dsignal.seed=…} repeats one, and {@code -Dsignal.contender=true} gives the same
 * load to plain {@code @Async}.
 */
class RandomSignalTests {

	/** Short, so that some jobs are not in time. */
	private static final List<String> BOUNDS = List.of("--background-jobs.shutdown.wait-timeout=2s",
			"--background-jobs.shutdown.shield-timeout=6s", "--background-jobs.shutdown.close-timeout=1s",
			"--background-jobs.pools.default.limit=8");

	/** All bounds, and two seconds for the rest of the context. */
	private static final Duration LONGEST_EXIT = Duration.ofSeconds(6 + 1 + 2);

	/**
	 * From the wait timeout on only shielded jobs run. Eight places get through 12 s of
	 * them in 12 / 8 + 1.5 s, which is 3 s and less than the 4 s that there are.
	 */
	private static final long SHIELDED_WORK = 12_000;

	private static final Queue<Result> results = new ConcurrentLinkedQueue<>();

	@TempDir
	private Path directory;

	static LongStream seeds() {
		long first = Long.getLong("signal.seed", System.currentTimeMillis() % 1_000_000_000);
		return LongStream.range(first, first + Integer.getInteger("signal.runs", 10));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void eachAcceptedJobIsInTheDatabaseOrInTheReport(long seed) throws Exception {
		Random random = new Random(seed);
		List<Setup> setups = Setup.all();
		Setup setup = setups.get(random.nextInt(setups.size()));
		Duration signalAfter = Duration.ofMillis(300 + random.nextInt(2200));
		Result ours = run(seed, setup, signalAfter);
		results.add(ours);
		System.out.println(ours);
		if (Boolean.getBoolean("signal.contender")) {
			for (Setup other : (setup == Setup.DEFAULTS) ? List.of(setup) : List.of(setup, Setup.DEFAULTS)) {
				Result async = runAsync(seed, other, signalAfter);
				results.add(async);
				System.out.println(async);
			}
		}
	}

	private Result run(long seed, Setup setup, Duration signalAfter) throws Exception {
		Path directory = Files.createDirectory(this.directory.resolve("jobs"));
		try (ApplicationProcess application = ApplicationProcess.start(directory, setup.with(BOUNDS))) {
			Load load = new Load(application, seed, SHIELDED_WORK).start();
			LockSupport.parkNanos(signalAfter.toNanos());
			application.terminate();
			Duration exit = application.awaitEnd();
			load.join();
			Remains remains = Remains.of(directory);
			Set<String> accepted = new HashSet<>(load.accepted().keySet());
			accepted.addAll(remains.accepted().keySet());
			Result result = Result.of("jobs", seed, setup, accepted, remains, exit);
			check(result, load, accepted, remains, application);
			return result;
		}
	}

	private static void check(Result result, Load load, Set<String> accepted, Remains remains,
			ApplicationProcess application) {
		Supplier<String> what = () -> result + "\n" + application.log();
		assertThat(accepted).as("jobs that only clients know of").isEqualTo(remains.accepted().keySet());
		assertThat(remains.lost(accepted)).as(what).isEmpty();
		assertThat(remains.rows()).as(what)
			.doesNotHaveDuplicates()
			.isSubsetOf(accepted)
			.containsAll(shielded(load, remains))
			.containsAll(finished(remains));
		assertThat(remains.fates()).as(what).isSubsetOf("finished", "cancelled", "dropped");
		assertThat(remains.fate("finished")).as(what).allMatch((entry) -> entry.outcome().equals("succeeded"));
		assertThat(remains.fate("dropped")).as(what)
			.allMatch((entry) -> entry.outcome().equals("cancelled"))
			.noneMatch((entry) -> remains.rows().contains(entry.id()));
		assertThat(remains.failuresByClosedDatabase()).as(what).isEmpty();
		assertThat(remains.reports()).as(what).isOne();
		assertThat(load.surprises()).as(what).isEmpty();
		assertThat(application.exitCode()).as(what).isEqualTo(128 + 15);
		assertThat(result.exit()).as(what).isLessThan(LONGEST_EXIT);
	}

	private static List<String> shielded(Load load, Remains remains) {
		Stream<String> told = load.accepted()
			.entrySet()
			.stream()
			.filter((job) -> job.getValue().isShielded())
			.map(Map.Entry::getKey);
		Stream<String> untold = remains.accepted()
			.entrySet()
			.stream()
			.filter((job) -> job.getValue().startsWith(Form.SHIELDED.jobName()))
			.map(Map.Entry::getKey);
		return Stream.concat(told, untold).distinct().toList();
	}

	private static List<String> finished(Remains remains) {
		return remains.fate("finished")
			.stream()
			.filter((entry) -> entry.kind().equals("spawned"))
			.map(Remains.Entry::id)
			.toList();
	}

	private Result runAsync(long seed, Setup setup, Duration signalAfter) throws Exception {
		Path directory = Files.createTempDirectory(this.directory, "async");
		try (ApplicationProcess application = ApplicationProcess.startAsync(directory, setup.arguments())) {
			Load load = new Load(application, seed, SHIELDED_WORK).start();
			LockSupport.parkNanos(signalAfter.toNanos());
			application.terminate();
			Duration exit = application.awaitEnd();
			load.join();
			return Result.of("@Async", seed, setup, load.accepted().keySet(), Remains.of(directory), exit);
		}
	}

	@AfterAll
	static void summary() {
		System.out.println(Result.summary(new ArrayList<>(results)));
	}

}
