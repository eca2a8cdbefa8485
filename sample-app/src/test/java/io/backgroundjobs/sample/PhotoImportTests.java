package io.backgroundjobs.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Imports over HTTP, with archives that mean well and archives that do not.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "background-jobs.enabled=false", "photos.max-size=1MB", "photos.max-archive-entries=20",
				"background-jobs.pools.thumbnails.pending-limit=5" })
class PhotoImportTests {

	@TempDir
	private static Path parent;

	@Autowired
	private BackgroundJobScheduler scheduler;

	@Autowired
	private ImportCanceller canceller;

	private ShelfClient client;

	@DynamicPropertySource
	static void keepPhotosApart(DynamicPropertyRegistry registry) {
		registry.add("photos.directory", () -> parent.resolve("shelf"));
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new ShelfClient(port);
	}

	@Test
	void eachPhotoOfAnArchiveGetsItsJob() {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		entries.put("holidays/", new byte[0]);
		entries.put("holidays/beach.jpg", TestPhotos.jpeg(640, 480));
		entries.put("holidays/hut.png", TestPhotos.png(480, 640));
		entries.put("holidays/notes.txt", "We were here".getBytes(StandardCharsets.UTF_8));
		ImportResult result = post(entries);
		assertThat(result.accepted()).extracting(ImportResult.Accepted::entry)
			.containsExactlyInAnyOrder("holidays/beach.jpg", "holidays/hut.png");
		assertThat(result.refused()).singleElement().satisfies((refused) -> {
			assertThat(refused.entry()).isEqualTo("holidays/notes.txt");
			assertThat(refused.reason()).contains("neither a JPEG nor a PNG");
		});
		assertThat(result.accepted()).allSatisfy((accepted) -> {
			assertThat(accepted.location()).isEqualTo("/photos/" + accepted.id());
			assertThat(this.client.awaitEnd(accepted.id()).state()).isEqualTo(JobState.SUCCEEDED);
		});
	}

	@Test
	void entryThatPointsOutsideStaysOnTheShelf() throws IOException {
		ImportResult result = post(Map.of("../../evil.jpg", TestPhotos.jpeg(64, 48)));
		assertThat(result.accepted()).hasSize(1);
		assertThat(parent).isDirectoryNotContaining("glob:**evil*");
		assertThat(parent.getParent()).isDirectoryNotContaining("glob:**evil*");
		try (Stream<Path> files = Files.list(parent)) {
			assertThat(files).containsExactly(parent.resolve("shelf"));
		}
	}

	@Test
	void entryThatUnpacksToTooMuchIsRefusedAndOthersAreNot() {
		byte[] bomb = new byte[50 * 1024 * 1024];
		System.arraycopy(TestPhotos.brokenJpeg(4), 0, bomb, 0, 4);
		ImportResult result = post(Map.of("bomb.jpg", bomb, "photo.jpg", TestPhotos.jpeg(64, 48)));
		assertThat(result.accepted()).extracting(ImportResult.Accepted::entry).containsExactly("photo.jpg");
		assertThat(result.refused()).extracting(ImportResult.Refused::reason)
			.containsExactly("A photo may have 1 MB at most.");
	}

	@Test
	void archiveWithTooManyEntriesIsRefused() {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		for (int i = 0; i < 21; i++) {
			entries.put(i + ".jpg", new byte[0]);
		}
		ResponseEntity<ProblemDetail> answer = this.client.upload("/imports", "archive", TestPhotos.zip(entries),
				ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
		assertThat(answer.getBody().getDetail()).isEqualTo("An archive may have 20 entries at most.");
	}

	@Test
	void uploadThatIsNoArchiveIsRefused() {
		ResponseEntity<ProblemDetail> answer = this.client.upload("/imports", "archive", TestPhotos.jpeg(64, 48),
				ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
		assertThat(answer.getBody().getDetail()).startsWith("This is no zip archive");
	}

	@Test
	void whenThePoolIsFullThenTheRestOfAnArchiveIsRefused() {
		Map<String, byte[]> entries = new LinkedHashMap<>();
		for (int i = 0; i < 8; i++) {
			entries.put(i + ".jpg", TestPhotos.jpeg(64, 48));
		}
		this.scheduler.pausePool("thumbnails");
		try {
			ImportResult result = post(entries);
			assertThat(result.accepted()).hasSize(5);
			assertThat(result.refused()).hasSize(3).allSatisfy((refused) -> assertThat(refused.reason()).isNotBlank());
		}
		finally {
			this.scheduler.resumePool("thumbnails");
		}
		this.client.photos().forEach((photo) -> this.client.awaitEnd(photo.id()));
	}

	@Test
	void importIsAShieldedJobThatNobodyCancels() {
		this.canceller.attempts.clear();
		ImportResult result = post(Map.of("photo.jpg", TestPhotos.jpeg(64, 48)));
		assertThat(result.accepted()).hasSize(1);
		assertThat(this.canceller.attempts).containsExactly(false);
	}

	private ImportResult post(Map<String, byte[]> entries) {
		ResponseEntity<ImportResult> answer = this.client.upload("/imports", "archive", TestPhotos.zip(entries),
				ImportResult.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
		return answer.getBody();
	}

	/**
	 * Tries to cancel each import as soon as it runs.
	 */
	static class ImportCanceller implements JobListener {

		private final Queue<Boolean> attempts = new ConcurrentLinkedQueue<>();

		@Override
		public void started(Job<?> job) {
			if (job.name().equals("import-photos")) {
				this.attempts.add(job.cancel());
			}
		}

	}

	@TestConfiguration
	static class ListenerConfiguration {

		@Bean
		ImportCanceller importCanceller() {
			return new ImportCanceller();
		}

	}

}
