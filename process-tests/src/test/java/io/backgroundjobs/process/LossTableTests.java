package io.backgroundjobs.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.backgroundjobs.process.work.Form;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGTERM while many jobs run and more are pending, in the set-ups in which Spring's own
 * executors lose them. The long form measures what those lose beside it.
 */
class LossTableTests {

	private static final String PROCESS_SCHEDULED = "--process.scheduled=true";

	private static final Queue<Result> results = new ConcurrentLinkedQueue<>();

	@TempDir
	private Path directory;

	static List<Setup> brief() {
		List<Setup> setups = new ArrayList<>(Setup.all());
		setups.removeAll(List.of(Setup.DEFAULTS, Setup.PHASE_5S, Setup.SCHEDULING_AWAITED, Setup.EXECUTION_AWAITED));
		return setups;
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("brief")
	void whateverSpringsExecutorsAreSetToNoJobIsLost(Setup setup) throws Exception {
		noJobIsLost(new Scene(setup, 20, 500, 8));
	}

	static List<Scene> scenes() {
		List<Scene> scenes = new ArrayList<>(List.of(new Scene(Setup.DEFAULTS, 50, 2000, 8),
				new Scene(Setup.PHASE_5S, 50, 2000, 8),
				new Scene(new Setup("defaults, 38 s of work",
						List.of("--background-jobs.shutdown.wait-timeout=45s",
								"--background-jobs.shutdown.shield-timeout=45s")),
						150, 2000, 8),
				new Scene(Setup.EXECUTION_AWAITED, 50, 2000, 8), new Scene(Setup.BOTH_AWAITED, 50, 2000, 8),
				new Scene(Setup.BOTH_AWAITED.and("50 threads", List.of()), 50, 2000, 50),
				new Scene(Setup.BOTH_AWAITED.and("50 threads, @Scheduled", List.of(PROCESS_SCHEDULED)), 50, 2000, 50)));
		if (Setup.all().contains(Setup.VIRTUAL)) {
			scenes.add(new Scene(Setup.VIRTUAL, 50, 2000, 8));
			scenes.add(new Scene(Setup.VIRTUAL.and("@Scheduled", List.of(PROCESS_SCHEDULED)), 50, 2000, 8));
		}
		return scenes;
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("scenes")
	@Tag("long")
	void tableOfWhatIsLost(Scene scene) throws Exception {
		Result ours = noJobIsLost(scene);
		results.add(ours);
		Path directory = Files.createDirectory(this.directory.resolve("async"));
		List<String> threads = List.of("--spring.task.execution.pool.core-size=" + scene.places());
		try (ApplicationProcess application = ApplicationProcess.startAsync(directory, scene.setup().with(threads))) {
			results.add(run("@Async", scene, application));
		}
	}

	private Result noJobIsLost(Scene scene) throws Exception {
		Path directory = Files.createDirectory(this.directory.resolve("jobs"));
		List<String> places = List.of("--background-jobs.pools.default.limit=" + scene.places());
		try (ApplicationProcess application = ApplicationProcess.start(directory, scene.setup().with(places))) {
			Result result = run("jobs", scene, application);
			assertThat(result.rows()).as(application::log).isEqualTo(scene.jobs());
			assertThat(result.lost()).isZero();
			return result;
		}
	}

	/**
	 * Hand all jobs over, and send the signal while the first of them run.
	 */
	private static Result run(String name, Scene scene, ApplicationProcess application) throws Exception {
		List<String> accepted = application.post(Form.PLAIN, scene.millis(), "count=" + scene.jobs());
		LockSupport.parkNanos(Duration.ofMillis(scene.millis() / 2).toNanos());
		application.terminate();
		Duration exit = application.awaitEnd();
		return Result.of(name, 1, scene.setup(), accepted, Remains.of(application.directory()), exit);
	}

	@AfterAll
	static void table() {
		if (!results.isEmpty()) {
			System.out.println(Result.summary(new ArrayList<>(results)));
		}
	}

	/**
	 * What runs when the signal comes.
	 *
	 * @param setup how the application is set up
	 * @param jobs how many jobs there are
	 * @param millis how long each works
	 * @param places how many run at the same time
	 */
	record Scene(Setup setup, int jobs, long millis, int places) {

		@Override
		public String toString() {
			return this.setup.name();
		}

	}

}
