package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobState;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.sample.Webhook.Notification;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What another system is told about photos. The database is a file, as it is by default.
 */
class PhotoNotificationTests {

	private static final String URL = "--photos.webhook.url=";

	@TempDir
	private Path directory;

	private Webhook webhook;

	@BeforeEach
	void listen() throws Exception {
		this.webhook = new Webhook();
	}

	@AfterEach
	void close() {
		this.webhook.close();
	}

	@Test
	void donePhotoIsNotified() throws Exception {
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			Instant before = Instant.now().minusMillis(1);
			String id = finishPhoto(shelf);
			Notification notification = this.webhook.next();
			assertThat(notification.key()).isNotBlank();
			assertThat(notification.type()).isEqualTo("application/json");
			JsonNode photo = JsonMapper.shared().readTree(notification.body());
			assertThat(photo.path("id").asString()).isEqualTo(id);
			assertThat(photo.path("mediaType").asString()).isEqualTo("image/jpeg");
			assertThat(Instant.parse(photo.path("finishedAt").asString())).isBetween(before, Instant.now());
			awaitNothingToTell(shelf);
			assertThat(this.webhook.hasNoMore()).isTrue();
			assertThat(shelf.getBean(FinishedPhotos.class).ids()).containsExactly(id);
		}
	}

	@Test
	void notificationThatFailsIsSentAgainUnderTheSameKey() throws Exception {
		this.webhook.answerWith(500);
		this.webhook.answerWith(503);
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url(),
				"--photos.webhook.retry-delay=100ms")) {
			finishPhoto(shelf);
			Notification first = this.webhook.next();
			assertThat(this.webhook.next()).isEqualTo(first);
			assertThat(this.webhook.next()).isEqualTo(first);
			awaitNothingToTell(shelf);
			assertThat(this.webhook.hasNoMore()).isTrue();
		}
	}

	@Test
	void rollbackTakesTheRecordAndTheNotificationBack() throws Exception {
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			FinishedPhotos finished = shelf.getBean(FinishedPhotos.class);
			TransactionTemplate transaction = shelf.getBean(TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> {
				finished.add(photo(), DataSize.ofBytes(1));
				assertThat(storedJobs(shelf)).isEqualTo(1);
				status.setRollbackOnly();
			});
			assertThat(storedJobs(shelf)).isZero();
			assertThat(finished.ids()).isEmpty();
			Photo committed = photo();
			transaction.executeWithoutResult((status) -> {
				finished.add(committed, DataSize.ofBytes(1));
				assertThat(this.webhook.hasNoMore()).isTrue();
			});
			assertThat(this.webhook.next().body()).contains(committed.id());
			awaitNothingToTell(shelf);
			assertThat(this.webhook.hasNoMore()).isTrue();
		}
	}

	@Test
	void photoWhoseNotificationCannotBeStoredIsNotDone() throws Exception {
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			shelf.getBean(JdbcClient.class).sql("alter table background_jobs drop column task_data").update();
			String id = client(shelf).post(TestPhotos.jpeg(64, 48)).getBody().id();
			assertThat(client(shelf).awaitEnd(id).state()).isEqualTo(JobState.FAILED);
			assertThat(shelf.getBean(FinishedPhotos.class).ids()).isEmpty();
		}
	}

	@Test
	void withoutAnAddressNobodyIsTold() throws Exception {
		try (ConfigurableApplicationContext shelf = start()) {
			String id = finishPhoto(shelf);
			assertThat(shelf.getBean(FinishedPhotos.class).ids()).containsExactly(id);
			assertThat(storedJobs(shelf)).isZero();
		}
	}

	@Test
	void notificationOutlivesTheApplication() throws Exception {
		String id;
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			shelf.getBean(BackgroundJobScheduler.class).pausePool("webhooks");
			id = finishPhoto(shelf);
			assertThat(storedJobs(shelf)).isEqualTo(1);
		}
		assertThat(this.webhook.hasNoMore()).isTrue();
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			assertThat(this.webhook.next().body()).contains(id);
			awaitNothingToTell(shelf);
			assertThat(client(shelf).photo(id).state()).isEqualTo(JobState.SUCCEEDED);
		}
	}

	@Test
	void notificationThatAShutdownInterruptsIsSentAgainAfterTheRestart() throws Exception {
		Gate gate = new Gate();
		this.webhook.hold(gate);
		Notification interrupted;
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url(),
				"--background-jobs.shutdown.wait-timeout=0s", "--background-jobs.shutdown.shield-timeout=0s")) {
			finishPhoto(shelf);
			interrupted = this.webhook.next();
			gate.awaitArrivals(1);
		}
		gate.open();
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			assertThat(this.webhook.next()).isEqualTo(interrupted);
			awaitNothingToTell(shelf);
		}
	}

	@Test
	void notificationThatNobodyTakesIsKeptForAnOperator() throws Exception {
		for (int attempt = 0; attempt < 11; attempt++) {
			this.webhook.answerWith(500);
		}
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url(),
				"--photos.webhook.retry-delay=0ms")) {
			finishPhoto(shelf);
			DurableJobs jobs = shelf.getBean(DurableJobs.class);
			StoredJob failed = Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> jobs.failed("notify-webhook", 10), (list) -> !list.isEmpty())
				.get(0);
			assertThat(failed.attempts()).isEqualTo(11);
			assertThat(failed.failure()).contains("500");
			for (int attempt = 0; attempt < 11; attempt++) {
				assertThat(this.webhook.next().key()).isEqualTo(failed.id());
			}
			assertThat(jobs.retry(failed.name(), failed.instance())).isTrue();
			assertThat(this.webhook.next().key()).isEqualTo(failed.id());
			awaitNothingToTell(shelf);
		}
	}

	@Test
	void photoWhoseRecordIsMissingIsMadeAgain() throws Exception {
		String id;
		try (ConfigurableApplicationContext shelf = start()) {
			id = finishPhoto(shelf);
			// As if the process had been killed before the commit.
			shelf.getBean(FinishedPhotos.class).removeBefore(Instant.now().plusSeconds(1));
		}
		try (ConfigurableApplicationContext shelf = start(URL + this.webhook.url())) {
			assertThat(client(shelf).photo(id).state()).isEqualTo(JobState.SCHEDULED);
			shelf.getBean(PhotoShelf.class).spawnLostJobs();
			assertThat(this.webhook.next().body()).contains(id);
			assertThat(client(shelf).awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED);
		}
	}

	private ConfigurableApplicationContext start(String... arguments) {
		return new SpringApplicationBuilder(PhotoShelfApplication.class)
			.properties("server.port=0", "background-jobs.enabled=false",
					"photos.directory=" + this.directory.resolve("photos"))
			.run(StringUtils.addStringToArray(arguments, "--spring.datasource.url=jdbc:h2:async:"
					+ this.directory.resolve("shelf") + ";DB_CLOSE_ON_EXIT=FALSE"));
	}

	private static String finishPhoto(ConfigurableApplicationContext shelf) {
		String id = client(shelf).post(TestPhotos.jpeg(64, 48)).getBody().id();
		assertThat(client(shelf).awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED);
		return id;
	}

	private static Photo photo() {
		return new Photo(UUID.randomUUID().toString(), ImageType.JPEG, Instant.now(), false, null);
	}

	private static long storedJobs(ConfigurableApplicationContext shelf) {
		return shelf.getBean(DurableJobs.class)
			.queues()
			.stream()
			.mapToLong((queue) -> queue.pending() + queue.scheduled() + queue.running() + queue.failed())
			.sum();
	}

	private static void awaitNothingToTell(ConfigurableApplicationContext shelf) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> storedJobs(shelf) == 0);
	}

	private static ShelfClient client(ConfigurableApplicationContext shelf) {
		return new ShelfClient(((ServletWebServerApplicationContext) shelf).getWebServer().getPort());
	}

}
