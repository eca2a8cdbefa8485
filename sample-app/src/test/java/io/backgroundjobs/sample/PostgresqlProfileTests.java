package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two shelves on one PostgreSQL, each with photos of its own, as {@code README.md} says.
 */
class PostgresqlProfileTests {

	private static final int PHOTOS = 5;

	@TempDir
	private Path directory;

	@Test
	void eachNotificationIsSentOnceByWhicheverInstance() throws Exception {
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				Webhook webhook = new Webhook();
				ConfigurableApplicationContext one = start(server, webhook, "one");
				ConfigurableApplicationContext two = start(server, webhook, "two")) {
			one.getBean(BackgroundJobScheduler.class).pausePool("webhooks");
			Set<String> photos = new TreeSet<>();
			for (int i = 0; i < PHOTOS; i++) {
				photos.add(finishPhoto(one));
				photos.add(finishPhoto(two));
			}
			Set<String> notified = new TreeSet<>();
			for (int i = 0; i < 2 * PHOTOS; i++) {
				notified.add(JsonMapper.shared().readTree(webhook.next().body()).path("id").asString());
			}
			assertThat(notified).isEqualTo(photos).hasSize(2 * PHOTOS);
			DurableJobs jobs = two.getBean(DurableJobs.class);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> jobs.queues().isEmpty());
			assertThat(webhook.hasNoMore()).isTrue();
			assertThat(one.getBean(FinishedPhotos.class).ids()).isEqualTo(photos);
		}
	}

	private ConfigurableApplicationContext start(EmbeddedPostgres server, Webhook webhook, String name) {
		return new SpringApplicationBuilder(PhotoShelfApplication.class).run("--spring.profiles.active=postgresql",
				"--spring.datasource.url=" + server.getJdbcUrl("postgres", "postgres"),
				"--spring.datasource.username=postgres", "--spring.datasource.password=", "--server.port=0",
				"--photos.directory=" + this.directory.resolve(name), "--photos.webhook.url=" + webhook.url(),
				"--background-jobs.durable.poll-interval=500ms");
	}

	private static String finishPhoto(ConfigurableApplicationContext shelf) {
		ShelfClient client = new ShelfClient(((ServletWebServerApplicationContext) shelf).getWebServer().getPort());
		String id = client.post(TestPhotos.jpeg(64, 48)).getBody().id();
		assertThat(client.awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED);
		return id;
	}

}
