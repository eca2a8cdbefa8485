package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A shelf with hardly any room, and many who want some.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "background-jobs.enabled=false", "background-jobs.pools.thumbnails.limit=2",
				"background-jobs.pools.thumbnails.pending-limit=10" })
class PhotoShelfOverloadTests {

	private static final int CLIENTS = 20;

	private static final int PHOTOS = 200;

	@TempDir
	private static Path directory;

	@Autowired
	private BackgroundJobScheduler scheduler;

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
	void whenThePoolIsFullThenAnUploadIsToldToComeAgainAndLeavesNothing() {
		byte[] photo = TestPhotos.jpeg(64, 48);
		List<String> accepted = new ArrayList<>();
		this.scheduler.pausePool("thumbnails");
		try {
			for (int i = 0; i < 10; i++) {
				accepted.add(this.client.post(photo).getBody().id());
			}
			ResponseEntity<PhotoView> refused = this.client.post(photo);
			assertThat(refused.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
			assertThat(ShelfClient.retryAfter(refused)).isEqualTo("5");
			assertThat(refused.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
			assertThat(this.client.photos()).extracting(PhotoView::id).containsAll(accepted);
			assertThat(this.client.photos()).hasSameSizeAs(directory.toFile().list());
		}
		finally {
			this.scheduler.resumePool("thumbnails");
		}
		assertThat(accepted)
			.allSatisfy((id) -> assertThat(this.client.awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED));
	}

	@Test
	void twoHundredPhotosOfTwentyClientsAllSucceedOrAreToldToComeAgain() throws Exception {
		byte[] photo = TestPhotos.jpeg(1200, 900);
		double succeeded = this.client.meter("background.jobs", "COUNT", "name:make-thumbnails", "outcome:succeeded");
		double rejected = this.client.meter("background.jobs.rejected", "COUNT", "pool:thumbnails", "reason:full");
		List<ResponseEntity<PhotoView>> answers = postAll(photo);
		List<String> accepted = answers.stream()
			.filter((answer) -> answer.getStatusCode() == HttpStatus.ACCEPTED)
			.map((answer) -> answer.getBody().id())
			.toList();
		List<ResponseEntity<PhotoView>> refused = answers.stream()
			.filter((answer) -> answer.getStatusCode() == HttpStatus.SERVICE_UNAVAILABLE)
			.toList();
		assertThat(accepted).isNotEmpty().doesNotHaveDuplicates();
		assertThat(accepted.size() + refused.size()).isEqualTo(PHOTOS);
		assertThat(refused).allSatisfy((answer) -> assertThat(ShelfClient.retryAfter(answer)).isEqualTo("5"));
		assertThat(accepted)
			.allSatisfy((id) -> assertThat(this.client.awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED));
		assertThat(this.client.photos()).hasSameSizeAs(directory.toFile().list());
		assertThat(this.client.meter("background.jobs", "COUNT", "name:make-thumbnails", "outcome:succeeded"))
			.isEqualTo(succeeded + accepted.size());
		assertThat(this.client.meter("background.jobs.rejected", "COUNT", "pool:thumbnails", "reason:full"))
			.isEqualTo(rejected + refused.size());
		assertThat(this.scheduler.jobs()).isEmpty();
	}

	private List<ResponseEntity<PhotoView>> postAll(byte[] photo) throws Exception {
		AtomicInteger left = new AtomicInteger(PHOTOS);
		Callable<List<ResponseEntity<PhotoView>>> oneClient = () -> {
			List<ResponseEntity<PhotoView>> answers = new ArrayList<>();
			while (left.getAndDecrement() > 0) {
				answers.add(this.client.post(photo));
			}
			return answers;
		};
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<ResponseEntity<PhotoView>> answers = new ArrayList<>();
			for (Future<List<ResponseEntity<PhotoView>>> client : clients
				.invokeAll(Collections.nCopies(CLIENTS, oneClient), 1, TimeUnit.MINUTES)) {
				answers.addAll(client.get());
			}
			return answers;
		}
		finally {
			clients.shutdownNow();
		}
	}

}
