package io.backgroundjobs.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Work for a shelf, and what is known of it: nine photos whose thumbnails are made, one
 * that cannot be read, two that are cancelled, two that are refused, an import, and three
 * periodic jobs, of which one is paused and one falls into its own ticks.
 */
final class KnownWork {

	static final int LIMIT = 2;

	static final int PENDING_LIMIT = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ShelfClient client;

	private final BackgroundJobScheduler scheduler;

	private final ThreadPoolTaskScheduler clock;

	private final List<PeriodicJobHandle> handles;

	private final Gate reporting = new Gate();

	private volatile Gate decoding = opened();

	private long reportFrom;

	private double reportHeld;

	private double held;

	private Scrape full;

	private Scrape relieved;

	KnownWork(ShelfClient client, BackgroundJobScheduler scheduler, ThreadPoolTaskScheduler clock) {
		this.client = client;
		this.scheduler = scheduler;
		this.clock = clock;
		this.handles = List.copyOf(scheduler.periodicJobs());
	}

	/**
	 * Let decoders and reports wait at gates.
	 */
	void hold(PhotoDecoder decoder, PhotoStore store) throws Exception {
		BDDMockito.willAnswer((call) -> {
			this.decoding.pass();
			return call.callRealMethod();
		}).given(decoder).decode(ArgumentMatchers.any(), ArgumentMatchers.any());
		BDDMockito.willAnswer((call) -> {
			this.reporting.pass();
			return call.callRealMethod();
		}).given(store).usage();
	}

	void beginTheReport() throws InterruptedException {
		periodic("storage-report").resume();
		this.reporting.awaitArrivals(1);
		this.reportFrom = System.nanoTime();
	}

	/**
	 * Five photos that succeed, one that fails, and an archive with one that succeeds.
	 */
	void uploadOneByOne() {
		byte[] photo = TestPhotos.jpeg(640, 480);
		for (int i = 0; i < 5; i++) {
			assertThat(this.client.awaitEnd(post(photo)).state()).isEqualTo(JobState.SUCCEEDED);
		}
		assertThat(this.client.awaitEnd(post(TestPhotos.brokenJpeg(100))).state()).isEqualTo(JobState.FAILED);
		ImportResult imported = this.client
			.upload("/imports", "archive", TestPhotos.zip(Map.of("photo.jpg", photo)), ImportResult.class)
			.getBody();
		this.client.awaitEnd(imported.accepted().get(0).id());
	}

	/**
	 * Two photos that are decoded and three that wait, of which one each is cancelled and
	 * three succeed in the end; two are refused.
	 */
	void uploadTooMuch() throws InterruptedException {
		byte[] photo = TestPhotos.jpeg(64, 48);
		Gate gate = new Gate();
		this.decoding = gate;
		String running = post(photo);
		String goesOn = post(photo);
		gate.awaitArrivals(LIMIT);
		String pending = post(photo);
		String next = post(photo);
		String last = post(photo);
		long from = System.nanoTime();
		this.full = this.client.scrape();
		for (int i = 0; i < 2; i++) {
			assertThat(this.client.post(photo).getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		}
		assertThat(this.client.delete(pending)).isEqualTo(HttpStatus.NO_CONTENT);
		assertThat(this.client.delete(running)).isEqualTo(HttpStatus.NO_CONTENT);
		gate.awaitArrivals(1);
		this.relieved = this.client.scrape();
		this.held = secondsSince(from);
		gate.open();
		List.of(goesOn, next, last)
			.forEach((id) -> assertThat(this.client.awaitEnd(id).state()).isEqualTo(JobState.SUCCEEDED));
	}

	/**
	 * Let each have some ticks, run the paused one once by hand, and end all ticks.
	 */
	void finishPeriodicJobs() throws Exception {
		awaitTicks("maintenance.removeExpired", TickResult.RAN, 5);
		awaitTicks("maintenance.spawnLostJobs", TickResult.PAUSED, 5);
		awaitTicks("storage-report", TickResult.OVERLAP, 2);
		this.reportHeld = secondsSince(this.reportFrom);
		this.reporting.open();
		periodic("maintenance.spawnLostJobs").trigger().await();
		this.scheduler.removeAllPeriodic();
		// It has one thread: a tick that it was in the middle of is over after this.
		this.clock.submit(() -> {
		}).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		Awaitility.await().atMost(PATIENCE).until(() -> this.scheduler.jobs().isEmpty());
	}

	Scrape full() {
		return this.full;
	}

	Scrape relieved() {
		return this.relieved;
	}

	/**
	 * Return how many seconds a decoder and a photo that waited were held at least.
	 */
	double held() {
		return this.held;
	}

	/**
	 * Return how many seconds the report was held at least.
	 */
	double reportHeld() {
		return this.reportHeld;
	}

	/**
	 * Return the periodic jobs, which have been removed.
	 */
	List<PeriodicJobHandle> handles() {
		return this.handles;
	}

	private String post(byte[] photo) {
		return this.client.post(photo).getBody().id();
	}

	private PeriodicJobHandle periodic(String name) {
		return this.scheduler.findPeriodic(name).orElseThrow();
	}

	private void awaitTicks(String name, TickResult result, int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> periodic(name).ticks().get(result) >= count);
	}

	private static Gate opened() {
		Gate gate = new Gate();
		gate.open();
		return gate;
	}

	static double secondsSince(long nanoTime) {
		return (System.nanoTime() - nanoTime) / (double) TimeUnit.SECONDS.toNanos(1);
	}

}
