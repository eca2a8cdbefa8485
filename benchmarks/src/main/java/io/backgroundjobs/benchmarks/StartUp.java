package io.backgroundjobs.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a library adds to the start of a minimal web application. Each measurement starts
 * the plain application and then the one with the library, so that the difference is one
 * of neighbours; for the plain one it shows how far the figures can be trusted.
 */
final class StartUp implements Experiment {

	private static final String WORK = "minimal web application";

	private static final String PLAIN = "nothing";

	/**
	 * Classes that the JVM spins, such as those of lambdas, have an address for a name.
	 */
	private static final Pattern LAMBDA = Pattern.compile("[/+]0x[0-9a-f]+ ");

	private static final Set<String> DATABASE = Set.of("h2", "HikariCP", "spring-boot-jdbc", "spring-boot-persistence",
			"spring-boot-sql", "spring-boot-transaction", "spring-jdbc", "spring-tx");

	private static final Set<String> QUARTZ = Set.of("quartz", "spring-boot-quartz", "spring-context-support",
			"spring-tx");

	private static final Set<String> JOB_RUNR = Set.of("asm", "jobrunr", "jobrunr-spring-boot-4-starter");

	private static final Set<String> DB_SCHEDULER = Set.of("db-scheduler", "db-scheduler-spring-boot-4-starter",
			"db-scheduler-spring-common");

	private final Map<String, Application> applications = new LinkedHashMap<>();

	StartUp() {
		add(PLAIN, StartUpApplications.Plain.class, Set.of());
		add(Cell.OURS, StartUpApplications.Periodic.class, ApplicationJvm.OURS);
		add(Cell.OURS + ", no job", StartUpApplications.Plain.class, ApplicationJvm.OURS);
		add("@EnableScheduling", StartUpApplications.Scheduling.class, Set.of());
		add("Quartz in memory", StartUpApplications.QuartzJob.class, QUARTZ);
		add("JobRunr in memory", StartUpApplications.JobRunrJob.class, JOB_RUNR, "--jobrunr.database.type=mem",
				"--jobrunr.background-job-server.enabled=true");
		add("db-scheduler on H2", StartUpApplications.DbSchedulerTask.class, both(DATABASE, DB_SCHEDULER),
				"--spring.sql.init.schema-locations=classpath:" + DbSchedulerStore.TABLE);
	}

	private void add(String contender, Class<?> configuration, Set<String> artifacts, String... properties) {
		this.applications.put(contender,
				new Application(new ApplicationJvm(configuration, artifacts), List.of(properties)));
	}

	private static Set<String> both(Set<String> first, Set<String> second) {
		return Set.copyOf(Stream.concat(first.stream(), second.stream()).toList());
	}

	@Override
	public String name() {
		return "start-up";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		if (effort == Effort.SMOKE) {
			return List.of(new Cell(WORK, Cell.OURS));
		}
		return this.applications.keySet().stream().map((contender) -> new Cell(WORK, contender)).toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		Start plain = Objects.requireNonNull(this.applications.get(PLAIN)).start();
		Start other = Objects.requireNonNull(this.applications.get(cell.contender())).start();
		return List.of(new Reading("time", "ns", other.nanos), new Reading("JVM's uptime", "ns", other.uptimeNanos),
				new Reading("time added", "ns", other.nanos - plain.nanos),
				new Reading("classes added", "", other.classes - plain.classes),
				new Reading("beans added", "", other.beans - plain.beans),
				new Reading("threads added", "", other.threads - plain.threads));
	}

	@Override
	public boolean needsOwnJvm() {
		return false;
	}

	private record Application(ApplicationJvm jvm, List<String> arguments) {

		/**
		 * Start the application, and end it as soon as it is ready.
		 */
		Start start() throws IOException, InterruptedException {
			Path classes = Files.createTempFile("classes", ".log");
			Process process = this.jvm.start(List.of("-Xlog:class+load:file=" + classes), this.arguments);
			try (BufferedReader output = process.inputReader()) {
				String ready = output.lines()
					.filter((line) -> line.startsWith(WebApplication.READY))
					.findFirst()
					.orElseThrow(() -> new IllegalStateException("The application did not start"));
				process.destroyForcibly().waitFor();
				return Start.of(ready.split("\t", 6), classes);
			}
			finally {
				process.destroyForcibly();
				Files.delete(classes);
			}
		}

	}

	private record Start(long nanos, long uptimeNanos, long classes, int beans, int threads) {

		static Start of(String[] parts, Path classes) throws IOException {
			try (Stream<String> loaded = Files.lines(classes)) {
				return new Start(Long.parseLong(parts[1]), TimeUnit.MILLISECONDS.toNanos(Long.parseLong(parts[2])),
						loaded.limit(Long.parseLong(parts[3])).filter((line) -> !LAMBDA.matcher(line).find()).count(),
						Integer.parseInt(parts[4]), Integer.parseInt(parts[5]));
			}
		}

	}

}
