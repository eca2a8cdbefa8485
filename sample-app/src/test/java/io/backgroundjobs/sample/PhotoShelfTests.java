package io.backgroundjobs.sample;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shelf over HTTP. Its periodic jobs run when they are told to.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "background-jobs.enabled=false", "photos.max-size=6MB", "photos.max-pixels=20000000",
				"spring.servlet.multipart.max-file-size=8MB", "spring.servlet.multipart.max-request-size=9MB" })
class PhotoShelfTests {

	private static final int MEGABYTE = 1024 * 1024;

	@TempDir
	private static Path directory;

	@Autowired
	private BackgroundJobScheduler scheduler;

	@MockitoSpyBean
	private PhotoDecoder decoder;

	private ShelfClient client;

	@DynamicPropertySource
	static void keepPhotosApart(DynamicPropertyRegistry registry) {
		registry.add("photos.directory", () -> directory);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = new ShelfClient(port);
	}

	@Test
	void photoOfSeveralMegapixelsGetsThreeThumbnails() throws Exception {
		ResponseEntity<PhotoView> answer = this.client.post(TestPhotos.jpeg(4000, 3000));
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
		PhotoView posted = answer.getBody();
		assertThat(answer.getHeaders().getLocation()).hasToString("/photos/" + posted.id());
		assertThat(posted.jobId()).isNotBlank();
		assertThat(posted.state()).isNotNull();
		PhotoView photo = this.client.awaitEnd(posted.id());
		assertThat(photo.state()).isEqualTo(JobState.SUCCEEDED);
		assertThat(photo.progress()).isEqualTo(100);
		assertThat(photo.error()).isNull();
		assertThat(photo.jobId()).isEqualTo(posted.jobId());
		assertThat(photo.thumbnails()).containsOnlyKeys("small", "medium", "large");
		assertThumbnail(photo, "small", MediaType.IMAGE_JPEG, 320, 240);
		assertThumbnail(photo, "medium", MediaType.IMAGE_JPEG, 800, 600);
		assertThumbnail(photo, "large", MediaType.IMAGE_JPEG, 1600, 1200);
		assertThat(this.client.photos()).contains(photo);
	}

	@Test
	void pngStaysAPngAndIsNeverBlownUp() throws Exception {
		PhotoView photo = postAndAwait(TestPhotos.png(600, 900));
		assertThumbnail(photo, "small", MediaType.IMAGE_PNG, 213, 320);
		assertThumbnail(photo, "medium", MediaType.IMAGE_PNG, 533, 800);
		assertThumbnail(photo, "large", MediaType.IMAGE_PNG, 600, 900);
	}

	@Test
	void latestPhotoComesFirst() {
		PhotoView first = postAndAwait(TestPhotos.jpeg(64, 48));
		PhotoView second = postAndAwait(TestPhotos.jpeg(64, 48));
		assertThat(this.client.photos()).extracting(PhotoView::id).containsSubsequence(second.id(), first.id());
	}

	@Test
	void uploadThatIsNoImageIsRefusedWhateverItsDeclaredType() throws IOException {
		long before = files();
		ResponseEntity<ProblemDetail> answer = this.client.upload("/photos", "photo",
				"I am a JPEG, honestly".getBytes(), ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
		assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(answer.getBody().getDetail()).contains("neither a JPEG nor a PNG");
		assertThat(files()).isEqualTo(before);
	}

	@Test
	void brokenJpegFailsAndSaysWhy() {
		PhotoView photo = postAndAwait(TestPhotos.brokenJpeg(5000));
		assertThat(photo.state()).isEqualTo(JobState.FAILED);
		assertThat(photo.error()).startsWith("The photo cannot be read: ");
		assertThat(photo.thumbnails()).isEmpty();
	}

	@Test
	void pictureThatClaimsGigabytesFailsBeforeItIsDecoded() {
		PhotoView photo = postAndAwait(TestPhotos.pngThatClaims(100_000, 100_000));
		assertThat(photo.state()).isEqualTo(JobState.FAILED);
		assertThat(photo.error()).isEqualTo("The photo has 100000 x 100000 pixels; the shelf takes 20000000 at most.");
	}

	@ParameterizedTest
	@ValueSource(ints = { 7, 12, 40 })
	void uploadThatIsTooLargeIsRefused(int megabytes) throws IOException {
		long before = files();
		ResponseEntity<ProblemDetail> answer = this.client.upload("/photos", "photo",
				TestPhotos.brokenJpeg(megabytes * MEGABYTE), ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
		assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(files()).isEqualTo(before);
	}

	@Test
	void requestWithoutAPhotoIsBad() {
		ResponseEntity<ProblemDetail> answer = this.client.upload("/photos", "picture", TestPhotos.jpeg(64, 48),
				ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/photos/unknown", "/photos/unknown/thumbnails/small" })
	void unknownPhotoIsNotFound(String path) {
		ResponseEntity<ProblemDetail> answer = this.client.get(path, ProblemDetail.class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
		assertThat(answer.getBody().getDetail()).isEqualTo("There is no photo unknown.");
	}

	@Test
	void unknownSizeIsNotFound() {
		PhotoView photo = postAndAwait(TestPhotos.jpeg(64, 48));
		assertThat(this.client.get("/photos/" + photo.id() + "/thumbnails/original", byte[].class).getStatusCode())
			.isEqualTo(HttpStatus.NOT_FOUND);
	}

	@Test
	void deletedPhotoIsGoneWithItsFiles() {
		PhotoView photo = postAndAwait(TestPhotos.jpeg(64, 48));
		assertThat(directory.resolve(photo.id())).isDirectory();
		assertThat(this.client.delete(photo.id())).isEqualTo(HttpStatus.NO_CONTENT);
		assertThat(directory.resolve(photo.id())).doesNotExist();
		assertThat(this.client.delete(photo.id())).isEqualTo(HttpStatus.NOT_FOUND);
		assertThat(this.client.photos()).extracting(PhotoView::id).doesNotContain(photo.id());
	}

	@Test
	void deletingAPhotoCancelsItsPendingJob() {
		this.scheduler.pausePool("thumbnails");
		try {
			PhotoView photo = this.client.post(TestPhotos.jpeg(64, 48)).getBody();
			assertThat(this.client.photo(photo.id()).state()).isEqualTo(JobState.PENDING);
			assertThat(this.client.delete(photo.id())).isEqualTo(HttpStatus.NO_CONTENT);
			assertThat(job(photo).state()).isEqualTo(JobState.CANCELLED);
			assertThat(directory.resolve(photo.id())).doesNotExist();
		}
		finally {
			this.scheduler.resumePool("thumbnails");
		}
	}

	@Test
	void deletingAPhotoInterruptsItsRunningJob() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		BDDMockito.willAnswer((call) -> {
			running.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
		}).given(this.decoder).decode(ArgumentMatchers.any(), ArgumentMatchers.any());
		PhotoView photo = this.client.post(TestPhotos.jpeg(64, 48)).getBody();
		assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.client.photo(photo.id()).state()).isEqualTo(JobState.RUNNING);
		assertThat(this.client.delete(photo.id())).isEqualTo(HttpStatus.NO_CONTENT);
		assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(job(photo).state()).isEqualTo(JobState.CANCELLED);
		assertThat(directory.resolve(photo.id())).doesNotExist();
	}

	@Test
	void storageReportRuns() throws Exception {
		assertThat(this.scheduler.findPeriodic("storage-report").orElseThrow().trigger().await()).isNull();
	}

	@Test
	void propertiesOverrideTheSchedulesOfTheAnnotations() {
		assertThat(this.scheduler.findPeriodic("maintenance.removeExpired").orElseThrow().spec().schedule())
			.isEqualTo(new JobSchedule.FixedRate(Duration.ofMinutes(5)));
		assertThat(this.scheduler.findPeriodic("storage-report").orElseThrow().spec().schedule())
			.hasToString("cron 0 */15 * * * * UTC");
	}

	@Test
	void metersAddUpToTheWork() {
		double succeeded = this.client.meter("background.jobs", "COUNT", "name:make-thumbnails", "outcome:succeeded");
		double failed = this.client.meter("background.jobs", "COUNT", "name:make-thumbnails", "outcome:failed");
		for (int i = 0; i < 3; i++) {
			postAndAwait(TestPhotos.jpeg(64, 48));
		}
		postAndAwait(TestPhotos.brokenJpeg(100));
		assertThat(this.client.meter("background.jobs", "COUNT", "name:make-thumbnails", "outcome:succeeded"))
			.isEqualTo(succeeded + 3);
		assertThat(this.client.meter("background.jobs", "COUNT", "name:make-thumbnails", "outcome:failed",
				"exception:UnreadablePhotoException"))
			.isEqualTo(failed + 1);
		assertThat(this.client.meter("background.jobs.limit", "VALUE", "pool:thumbnails")).isEqualTo(4);
		assertThat(this.client.meter("background.jobs.active", "VALUE", "pool:thumbnails")).isZero();
		assertThat(this.client.meter("background.jobs.pending", "VALUE", "pool:thumbnails")).isZero();
	}

	@Test
	void healthIsShown() {
		assertThat(this.client.get("/actuator/health", String.class).getBody()).contains("UP");
	}

	private PhotoView postAndAwait(byte[] content) {
		ResponseEntity<PhotoView> answer = this.client.post(content);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
		return this.client.awaitEnd(answer.getBody().id());
	}

	private Job<?> job(PhotoView photo) {
		return this.scheduler.find(photo.jobId()).orElseThrow();
	}

	private void assertThumbnail(PhotoView photo, String size, MediaType type, int width, int height)
			throws IOException {
		ResponseEntity<byte[]> answer = this.client.get(photo.thumbnails().get(size), byte[].class);
		assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.OK);
		assertThat(answer.getHeaders().getContentType()).isEqualTo(type);
		BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.getBody()));
		assertThat(image.getWidth()).isEqualTo(width);
		assertThat(image.getHeight()).isEqualTo(height);
	}

	private static long files() throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.count();
		}
	}

}
