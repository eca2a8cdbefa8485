package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.BDDMockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.test.AutoConfigureVirtualTime;
import io.backgroundjobs.test.VirtualTime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Prometheus reads of the periodic jobs after hours in which it is known what became
 * of each instant. The hours are virtual, the scrape is not.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureVirtualTime
class TickMetersTests {

	/** Every five minutes. */
	private static final String REMOVE = "maintenance.removeExpired";

	/** Every thirty seconds. */
	private static final String SPAWN = "maintenance.spawnLostJobs";

	/** Each quarter of an hour, by the wall clock. */
	private static final String REPORT = "storage-report";

	@TempDir
	private static Path directory;

	@Autowired
	private BackgroundJobScheduler scheduler;

	@Autowired
	private VirtualTime time;

	@MockitoSpyBean
	private PhotoStore store;

	@DynamicPropertySource
	static void keepPhotosApart(DynamicPropertyRegistry registry) {
		registry.add("photos.directory", () -> directory);
	}

	@Test
	void eachInstantIsInOneResultAndTheyAddUp(@LocalServerPort int port) throws Exception {
		ShelfClient client = new ShelfClient(port);
		// With the instants at both ends.
		this.time.advance(Duration.ofHours(1));
		assertThat(ticks(client.scrape(), REMOVE)).isEqualTo(Map.of("ran", 13.0));
		assertThat(ticks(client.scrape(), SPAWN)).isEqualTo(Map.of("ran", 121.0));
		assertThat(ticks(client.scrape(), REPORT)).isEqualTo(Map.of("ran", 5.0));

		periodic(REMOVE).pause();
		periodic(SPAWN).pause();
		this.time.advance(Duration.ofMinutes(45));
		assertThat(ticks(client.scrape(), REMOVE)).isEqualTo(Map.of("ran", 13.0, "paused", 9.0));
		assertThat(ticks(client.scrape(), SPAWN)).isEqualTo(Map.of("ran", 121.0, "paused", 90.0));
		assertThat(ticks(client.scrape(), REPORT)).isEqualTo(Map.of("ran", 8.0));

		runTheReportFor(Duration.ofMinutes(40), client);
		periodic(REMOVE).resume();
		this.time.advance(Duration.ZERO);
		assertThat(ticks(client.scrape(), REPORT)).isEqualTo(Map.of("ran", 9.0, "overlap", 2.0));

		// From 02:40 to 03:40; the clock is looked at within a minute.
		this.time.shiftWallClock(Duration.ofHours(1));
		this.time.advance(Duration.ofMinutes(1));
		assertThat(ticks(client.scrape(), REPORT)).isEqualTo(Map.of("ran", 10.0, "overlap", 2.0, "missed", 3.0));
		assertAllAddsUp(client.scrape());
	}

	/**
	 * From 01:45, so that it begins at 02:00.
	 */
	private void runTheReportFor(Duration duration, ShelfClient client) throws Exception {
		Gate gate = new Gate();
		BDDMockito.willAnswer((call) -> {
			gate.pass();
			return call.callRealMethod();
		}).given(this.store).usage();
		this.time.advanceWithoutWaiting(Duration.ofMinutes(15));
		gate.awaitArrivals(1);
		assertThat(client.scrape().sum("background_jobs_active", "pool", "default")).isOne();
		this.time.advanceWithoutWaiting(duration);
		gate.open();
		this.time.awaitIdle();
		Scrape scrape = client.scrape();
		assertThat(scrape.sum("background_jobs_active", "pool", "default")).isZero();
		// The other runs took no time at all.
		assertThat(scrape.sum("background_jobs_seconds_sum", "name", REPORT)).isEqualTo(duration.toSeconds());
	}

	private void assertAllAddsUp(Scrape scrape) {
		for (PeriodicJobHandle handle : this.scheduler.periodicJobs()) {
			Map<String, Double> ticks = ticks(scrape, handle.name());
			handle.ticks()
				.forEach((result, count) -> assertThat(ticks.getOrDefault(result.toString(), 0.0))
					.as(handle.name() + " " + result)
					.isEqualTo(count.doubleValue()));
			assertThat(scrape.sum("background_jobs_seconds_count", "name", handle.name(), "kind", "periodic"))
				.isEqualTo(ticks.get("ran"));
			assertThat(scrape.sum("background_jobs_lateness_seconds_count", "name", handle.name()))
				.isEqualTo(ticks.get("ran"));
		}
		assertThat(scrape.sum("background_jobs_lateness_seconds_sum", "name", SPAWN)).isZero();
	}

	private PeriodicJobHandle periodic(String name) {
		return this.scheduler.findPeriodic(name).orElseThrow();
	}

	private static Map<String, Double> ticks(Scrape scrape, String name) {
		Map<String, Double> ticks = new TreeMap<>();
		scrape.of("background_jobs_ticks_total", "name", name)
			.forEach((sample) -> ticks.put(sample.labels().get("result"), sample.value()));
		return ticks;
	}

}
