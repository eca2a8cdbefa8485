package io.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the shelf remembers: each test starts the application over the files of an earlier
 * run.
 */
class PhotoShelfRestartTests {

	@TempDir
	private Path directory;

	@Test
	void finishedPhotosAreListedWithTheirThumbnails() throws Exception {
		String id;
		try (ConfigurableApplicationContext shelf = start()) {
			id = client(shelf).post(TestPhotos.jpeg(640, 480)).getBody().id();
			assertThat(client(shelf).awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED);
		}
		try (ConfigurableApplicationContext shelf = start()) {
			PhotoView photo = client(shelf).photo(id);
			assertThat(photo.state()).isEqualTo(JobState.SUCCEEDED);
			assertThat(photo.jobId()).isNull();
			assertThat(photo.progress()).isEqualTo(100);
			assertThat(client(shelf).get(photo.thumbnails().get("small"), byte[].class).getBody()).isNotEmpty();
		}
	}

	@Test
	void photosWhoseJobWasLostGetItAgain() throws Exception {
		Path folder = Files.createDirectory(this.directory.resolve("killed"));
		Files.write(folder.resolve("original.jpg"), TestPhotos.jpeg(640, 480));
		Files.write(folder.resolve("large.jpg"), TestPhotos.jpeg(640, 480));
		try (ConfigurableApplicationContext shelf = start()) {
			assertThat(client(shelf).photo("killed").state()).isEqualTo(JobState.SCHEDULED);
			run(shelf, "maintenance.spawnLostJobs");
			PhotoView photo = client(shelf).awaitEnd("killed");
			assertThat(photo.state()).isEqualTo(JobState.SUCCEEDED);
			assertThat(photo.jobId()).isNotNull();
			assertThat(folder).isDirectoryContaining("glob:**small.jpg");
		}
	}

	@Test
	void whatAKillLeftHalfDoneIsClearedAway() throws Exception {
		Path half = Files.createDirectory(this.directory.resolve(".half-written"));
		Files.write(half.resolve("original.jpg"), TestPhotos.jpeg(64, 48));
		try (ConfigurableApplicationContext shelf = start()) {
			assertThat(client(shelf).photos()).isEmpty();
			assertThat(half).doesNotExist();
		}
	}

	@Test
	void expiredPhotosAreRemovedAndOthersAreKept() throws Exception {
		addFiles("old", Instant.now().minus(Duration.ofDays(3)));
		addFiles("young", Instant.now().minus(Duration.ofDays(1)));
		try (ConfigurableApplicationContext shelf = start("--photos.keep=2d")) {
			run(shelf, "maintenance.removeExpired");
			assertThat(client(shelf).photos()).extracting(PhotoView::id).containsExactly("young");
			assertThat(this.directory.resolve("old")).doesNotExist();
		}
	}

	private void addFiles(String id, Instant addedAt) throws IOException {
		Path folder = Files.createDirectory(this.directory.resolve(id));
		Path original = Files.write(folder.resolve("original.png"), TestPhotos.png(64, 48));
		Files.setLastModifiedTime(original, FileTime.from(addedAt));
	}

	private ConfigurableApplicationContext start(String... arguments) {
		return new SpringApplicationBuilder(PhotoShelfApplication.class)
			.properties("server.port=0", "background-jobs.enabled=false", "photos.directory=" + this.directory)
			.run(StringUtils.addStringToArray(arguments,
					"--spring.datasource.url=jdbc:h2:async:" + this.directory.resolve("shelf")));
	}

	private static void run(ConfigurableApplicationContext shelf, String job) throws InterruptedException {
		shelf.getBean(BackgroundJobScheduler.class).findPeriodic(job).orElseThrow().trigger().await();
	}

	private static ShelfClient client(ConfigurableApplicationContext shelf) {
		return new ShelfClient(((ServletWebServerApplicationContext) shelf).getWebServer().getPort());
	}

}
