package io.backgroundjobs.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.process.async.AsyncApplication;
import io.backgroundjobs.process.jobs.JobsApplication;
import io.backgroundjobs.process.work.Form;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that runs in a JVM of its own.
 */
final class ApplicationProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final HttpClient http = HttpClient.newHttpClient();

	private final Path directory;

	private final Process process;

	/** When the process was found to have ended. */
	private final CompletableFuture<Long> ended;

	private final String jobs;

	private long signalled;

	private ApplicationProcess(String main, String classPath, Path directory, List<String> arguments)
			throws IOException {
		this.directory = directory;
		Files.deleteIfExists(directory.resolve("ready"));
		// Short-lived and small: the second compiler and a concurrent collector would
		// cost more than they bring.
		List<String> command = new ArrayList<>(List.of(java(), "-Xmx160m", "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-cp", classPath, main, "--process.directory=" + directory));
		command.addAll(arguments);
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
			.start();
		this.ended = this.process.onExit().thenApply((process) -> System.nanoTime());
		this.jobs = "http://localhost:" + awaitPort() + "/jobs";
	}

	/**
	 * Start the application under test.
	 */
	static ApplicationProcess start(Path directory, List<String> arguments) throws IOException {
		return new ApplicationProcess(JobsApplication.class.getName(), classPath(), directory, arguments);
	}

	/**
	 * Start the same application on plain {@code @Async}, without a class of ours.
	 */
	static ApplicationProcess startAsync(Path directory, List<String> arguments) throws IOException {
		String classPath = classPathWithout(
				(entry) -> entry.contains("background-jobs-spring-boot-") || Path.of(entry).equals(library()));
		return new ApplicationProcess(AsyncApplication.class.getName(), classPath, directory, arguments);
	}

	private static Path library() {
		return Path.of(URI
			.create(BackgroundJobScheduler.class.getProtectionDomain().getCodeSource().getLocation().toString()));
	}

	static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	/**
	 * Return the class path of this JVM without what is not wanted.
	 */
	static String classPathWithout(Predicate<String> unwanted) {
		return Stream.of(classPath().split(File.pathSeparator))
			.filter(unwanted.negate())
			.collect(Collectors.joining(File.pathSeparator));
	}

	static String classPath() {
		return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
	}

	private String awaitPort() {
		Path ready = this.directory.resolve("ready");
		Awaitility.await("the start")
			.atMost(PATIENCE)
			.until(() -> !this.process.isAlive() || (Files.exists(ready) && Files.size(ready) > 0));
		assertThat(this.process.isAlive()).as(this::log).isTrue();
		return read(ready).strip();
	}

	Path directory() {
		return this.directory;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Post jobs, which must be accepted.
	 * @return their identifiers
	 */
	List<String> post(Form form, long millis, String... parameters) throws Exception {
		HttpResponse<String> response = send(form, millis, parameters);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return response.body().lines().toList();
	}

	HttpResponse<String> send(Form form, long millis, String... parameters) throws IOException, InterruptedException {
		return this.http.send(request(form, millis, parameters), BodyHandlers.ofString());
	}

	CompletableFuture<HttpResponse<String>> sendAsync(Form form, long millis, String... parameters) {
		return this.http.sendAsync(request(form, millis, parameters), BodyHandlers.ofString());
	}

	private HttpRequest request(Form form, long millis, String... parameters) {
		String query = Stream.concat(Stream.of("form=" + form, "millis=" + millis), Stream.of(parameters))
			.collect(Collectors.joining("&"));
		return HttpRequest.newBuilder(URI.create(this.jobs + "?" + query))
			.POST(HttpRequest.BodyPublishers.noBody())
			.timeout(PATIENCE)
			.build();
	}

	/**
	 * Wait until the application has written something into one of its files.
	 */
	void await(String file) {
		Path path = this.directory.resolve(file);
		Awaitility.await(file).atMost(PATIENCE).until(() -> Files.exists(path) && Files.size(path) > 0);
	}

	/**
	 * Send SIGTERM.
	 */
	void terminate() {
		if (this.signalled == 0) {
			this.signalled = System.nanoTime();
		}
		this.process.destroy();
	}

	/**
	 * Send SIGKILL.
	 */
	void kill() {
		this.signalled = System.nanoTime();
		this.process.destroyForcibly();
	}

	/**
	 * Count from now on, where no signal ends the process.
	 */
	void expectEnd() {
		this.signalled = System.nanoTime();
	}

	/**
	 * Wait for the end of the process.
	 * @return how long it took from the first signal
	 */
	Duration awaitEnd() throws Exception {
		long end = this.ended.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
		return Duration.ofNanos(end - this.signalled);
	}

	int exitCode() {
		return this.process.exitValue();
	}

	String log() {
		return read(this.directory.resolve("log"));
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
