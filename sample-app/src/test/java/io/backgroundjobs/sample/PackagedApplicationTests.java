package io.backgroundjobs.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpStatus;
import org.springframework.util.FileSystemUtils;

import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged application, processed ahead of time, in a JVM of its own. Runs after
 * {@code package}: see the POM.
 */
class PackagedApplicationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Path ARCHIVE = Path
		.of(Objects.requireNonNull(System.getProperty("sample.archive"), "Run ./mvnw verify, which sets it"));

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	@TempDir
	private Path directory;

	private Path log;

	private Process process;

	private ShelfClient client;

	@BeforeEach
	void start() throws IOException {
		this.log = this.directory.resolve("log");
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-Dspring.aot.enabled=true", "-jar", ARCHIVE.toString(), "--server.port=0",
				"--background-jobs.jobs.maintenance.spawnLostJobs.every=200ms")
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.log.toFile())
			.start();
		Matcher started = Awaitility.await("the start")
			.atMost(PATIENCE)
			.until(() -> STARTED.matcher(log()), (matcher) -> !this.process.isAlive() || matcher.find());
		assertThat(this.process.isAlive()).as(() -> log()).isTrue();
		this.client = new ShelfClient(Integer.parseInt(started.group(1)));
	}

	@AfterEach
	void kill() {
		this.process.destroyForcibly();
	}

	@Test
	void startedAheadOfTimeItTicksAndMakesThumbnails() {
		assertThat(log()).contains("Starting AOT-processed PhotoShelfApplication");
		Awaitility.await("a tick")
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(
					sample("background_jobs_ticks_total", "name=\"maintenance.spawnLostJobs\"", "result=\"ran\""))
				.isPositive());
		PhotoView photo = this.client.awaitEnd(post(TestPhotos.jpeg(3000, 2000)));
		assertThat(photo.state()).as(photo.error()).isEqualTo(JobState.SUCCEEDED);
		assertThat(sample("background_jobs_seconds_count", "name=\"make-thumbnails\"", "outcome=\"succeeded\""))
			.isPositive();
		assertThat(this.client.delete(photo.id())).isEqualTo(HttpStatus.NO_CONTENT);
	}

	@Test
	void shutdownFinishesWhatWasAccepted() throws Exception {
		byte[] content = TestPhotos.jpeg(3000, 2000);
		List<String> ids = List.of(post(content), post(content), post(content), post(content), post(content),
				post(content));
		this.process.destroy();
		assertThat(this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		assertThat(ids).allSatisfy((id) -> assertThat(shelf().resolve(id)).isDirectoryContaining("glob:**small.jpg"));
		for (String id : ids) {
			FileSystemUtils.deleteRecursively(shelf().resolve(id));
		}
	}

	/**
	 * The default folder lies in the build directory, wherever one starts from.
	 */
	private static Path shelf() {
		return ARCHIVE.resolveSibling("photos");
	}

	private String post(byte[] content) {
		return this.client.post(content).getBody().id();
	}

	/**
	 * Return the value of the line of the metrics that has a name and labels.
	 */
	private double sample(String name, String... labels) {
		return this.client.get("/actuator/prometheus", String.class)
			.getBody()
			.lines()
			.filter((line) -> line.startsWith(name + "{") && Stream.of(labels).allMatch(line::contains))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	private String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
