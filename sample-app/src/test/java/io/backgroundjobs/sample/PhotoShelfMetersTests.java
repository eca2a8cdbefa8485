package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Prometheus reads of the shelf after a known amount of work. The work comes over
 * HTTP, takes real time, and is done once; each test checks another meter of it.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "background-jobs.pools.thumbnails.limit=" + PhotoShelfMetersTests.LIMIT,
				"background-jobs.pools.thumbnails.pending-limit=" + PhotoShelfMetersTests.PENDING_LIMIT,
				"background-jobs.jobs.maintenance.removeExpired.every=100ms",
				"background-jobs.jobs.maintenance.spawnLostJobs.every=100ms",
				"background-jobs.jobs.maintenance.spawnLostJobs.paused=true",
				"background-jobs.jobs.storage-report.cron=* * * * * *",
				"background-jobs.jobs.storage-report.paused=true" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhotoShelfMetersTests {

	static final int LIMIT = 2;

	static final int PENDING_LIMIT = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String JOBS = "background_jobs_seconds";

	private static final String WAIT = "background_jobs_wait_seconds";

	private static final String LATENESS = "background_jobs_lateness_seconds";

	private static final String TICKS = "background_jobs_ticks_total";

	@TempDir
	private static Path directory;

	/** Before the application starts. */
	private static long start;

	@Autowired
	private BackgroundJobScheduler scheduler;

	@Autowired
	@Qualifier("backgroundJobTaskScheduler")
	private ThreadPoolTaskScheduler clock;

	@MockitoSpyBean
	private PhotoDecoder decoder;

	@MockitoSpyBean
	private PhotoStore store;

	private ShelfClient client;

	private volatile Gate decoding = opened();

	private final Gate reporting = new Gate();

	private List<PeriodicJobHandle> handles;

	/** While two photos are decoded, and three wait. */
	private Scrape full;

	/** When one that ran and one that waited have been taken away. */
	private Scrape relieved;

	private Scrape after;

	/** Seconds that a decoder and one photo that waited were held at least. */
	private double held;

	/** Seconds that the report was held at least. */
	private double reportHeld;

	private long reportFrom;

	/** Seconds that all of it took. */
	private double elapsed;

	@DynamicPropertySource
	static void beforeTheStart(DynamicPropertyRegistry registry) {
		start = System.nanoTime();
		registry.add("photos.directory", () -> directory);
	}

	@BeforeAll
	void work(@LocalServerPort int port) throws Exception {
		this.client = new ShelfClient(port);
		this.handles = List.copyOf(this.scheduler.periodicJobs());
		BDDMockito.willAnswer((call) -> {
			this.decoding.pass();
			return call.callRealMethod();
		}).given(this.decoder).decode(ArgumentMatchers.any(), ArgumentMatchers.any());
		BDDMockito.willAnswer((call) -> {
			this.reporting.pass();
			return call.callRealMethod();
		}).given(this.store).usage();
		beginTheReport();
		uploadOneByOne();
		uploadTooMuch();
		finishPeriodicJobs();
		this.after = this.client.scrape();
		this.elapsed = secondsSince(start);
	}

	private void beginTheReport() throws InterruptedException {
		periodic("storage-report").resume();
		this.reporting.awaitArrivals(1);
		this.reportFrom = System.nanoTime();
	}

	/**
	 * Five photos that succeed, one that fails, and an archive with one that succeeds.
	 */
	private void uploadOneByOne() {
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
	private void uploadTooMuch() throws InterruptedException {
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
	private void finishPeriodicJobs() throws Exception {
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

	@ParameterizedTest
	@CsvSource({ "background_jobs_seconds_count,name kind pool outcome exception",
			"background_jobs_seconds_sum,name kind pool outcome exception",
			"background_jobs_seconds_max,name kind pool outcome exception",
			"background_jobs_seconds_bucket,name kind pool outcome exception le", "background_jobs_active,pool",
			"background_jobs_pending,pool", "background_jobs_limit,pool", "background_jobs_wait_seconds_count,pool",
			"background_jobs_wait_seconds_sum,pool", "background_jobs_wait_seconds_max,pool",
			"background_jobs_lateness_seconds_count,name", "background_jobs_lateness_seconds_sum,name",
			"background_jobs_lateness_seconds_max,name", "background_jobs_ticks_total,name result",
			"background_jobs_rejected_total,pool reason" })
	void meterIsThereWithItsTags(String metric, String labels) {
		assertThat(this.after.labels(metric)).containsExactlyInAnyOrder(labels.split(" "));
	}

	@ParameterizedTest
	@CsvSource({ "succeeded,none,9", "failed,UnreadablePhotoException,1", "cancelled,none,2" })
	void jobsAreCountedByOutcome(String outcome, String exception, int count) {
		assertThat(this.after.of(JOBS + "_count", "name", "make-thumbnails", "outcome", outcome)).singleElement()
			.satisfies((sample) -> {
				assertThat(sample.labels()).containsEntry("kind", "spawned")
					.containsEntry("pool", "thumbnails")
					.containsEntry("exception", exception);
				assertThat(sample.value()).isEqualTo(count);
			});
	}

	@Test
	void noJobIsCountedThatThereWasNot() {
		assertThat(this.after.sum(JOBS + "_count", "name", "make-thumbnails")).isEqualTo(12);
		assertThat(this.after.values(JOBS + "_count", "name")).containsExactlyInAnyOrder("make-thumbnails",
				"import-photos", "maintenance.removeExpired", "maintenance.spawnLostJobs", "storage-report");
	}

	@Test
	void shieldedRequestIsCounted() {
		assertThat(this.after.sum(JOBS + "_count", "name", "import-photos", "kind", "spawned", "pool", "caller",
				"outcome", "succeeded", "exception", "none"))
			.isOne();
		assertThat(this.after.sum(JOBS + "_sum", "name", "import-photos")).isPositive().isLessThan(this.elapsed);
	}

	@Test
	void durationsAddUpToNoLessThanWasHeldAndNoMoreThanThePlacesAllow() {
		assertThat(this.held).isPositive();
		assertThat(this.after.sum(JOBS + "_sum", "name", "make-thumbnails", "outcome", "succeeded"))
			.isGreaterThan(this.held);
		assertThat(this.after.sum(JOBS + "_sum", "name", "make-thumbnails", "outcome", "failed")).isPositive();
		assertThat(this.after.sum(JOBS + "_sum", "pool", "thumbnails")).isLessThan(LIMIT * this.elapsed);
		assertThat(this.after.sum(JOBS + "_sum", "name", "storage-report")).isGreaterThan(this.reportHeld)
			.isLessThan(this.elapsed);
	}

	@ParameterizedTest
	@ValueSource(strings = { JOBS, WAIT, LATENESS })
	void noRecordingIsLongerThanItAllTook(String timer) {
		assertThat(this.after.of(timer + "_max")).isNotEmpty()
			.allSatisfy((sample) -> assertThat(sample.value()).isBetween(0.0, this.elapsed));
	}

	@Test
	void histogramHoldsAllRecordings() {
		assertThat(this.after.of(JOBS + "_count")).allSatisfy((sample) -> {
			String[] tags = sample.labels()
				.entrySet()
				.stream()
				.flatMap((label) -> List.of(label.getKey(), label.getValue()).stream())
				.toArray(String[]::new);
			assertThat(
					this.after.of(JOBS + "_bucket", tags).filter((bucket) -> bucket.labels().get("le").equals("+Inf")))
				.singleElement()
				.satisfies((all) -> assertThat(all.value()).isEqualTo(sample.value()));
		});
	}

	@Test
	void waitIsTimedForEachAttemptAndForNoneThatNeverStarted() {
		assertThat(this.after.sum(WAIT + "_count", "pool", "thumbnails")).isEqualTo(12 - 1);
		assertThat(this.after.sum(WAIT + "_sum", "pool", "thumbnails")).isGreaterThan(this.held)
			.isLessThan((LIMIT + PENDING_LIMIT) * this.elapsed);
		assertThat(this.after.sum(WAIT + "_count", "pool", "caller")).isOne();
		assertThat(this.after.sum(WAIT + "_count", "pool", "default"))
			.isEqualTo(this.after.sum(JOBS + "_count", "kind", "periodic"));
	}

	@Test
	void gaugesFollowTheWork() {
		assertGauges(this.full, LIMIT, PENDING_LIMIT);
		assertGauges(this.relieved, LIMIT, 1);
		assertGauges(this.after, 0, 0);
		assertThat(this.full.sum("background_jobs_active", "pool", "default")).isBetween(1.0, 2.0);
		assertThat(this.after.sum("background_jobs_active")).isZero();
		assertThat(this.after.sum("background_jobs_pending")).isZero();
		assertThat(this.after.values("background_jobs_limit", "pool")).containsExactlyInAnyOrder("default",
				"thumbnails");
	}

	@Test
	void rejectionsAreCounted() {
		assertThat(this.after.of("background_jobs_rejected_total")).singleElement().satisfies((sample) -> {
			assertThat(sample.labels()).isEqualTo(Map.of("pool", "thumbnails", "reason", "full"));
			assertThat(sample.value()).isEqualTo(2);
		});
	}

	@Test
	void eachTickIsInOneResult() {
		assertThat(this.handles).hasSize(3).allSatisfy((handle) -> {
			handle.ticks()
				.forEach((result,
						count) -> assertThat(this.after.sum(TICKS, "name", handle.name(), "result", result.toString()))
							.isEqualTo(count.doubleValue()));
			assertThat(this.after.sum(TICKS, "name", handle.name()))
				.isEqualTo(handle.ticks().values().stream().mapToLong(Long::longValue).sum());
		});
		// A tick that comes while its job is removed is cancelled.
		assertThat(ticked("maintenance.removeExpired")).contains("ran")
			.isSubsetOf("ran", "overlap", "missed", "cancelled");
		assertThat(ticked("maintenance.spawnLostJobs")).contains("paused").isSubsetOf("paused", "missed", "cancelled");
		assertThat(ticked("storage-report")).contains("ran", "overlap")
			.isSubsetOf("ran", "overlap", "missed", "paused", "cancelled");
	}

	@ParameterizedTest
	@CsvSource({ "maintenance.removeExpired,0.1", "maintenance.spawnLostJobs,0.1", "storage-report,1" })
	void thereAreNoMoreTicksThanTheScheduleNames(String name, double interval) {
		assertThat(this.after.sum(TICKS, "name", name)).isLessThanOrEqualTo(1 + this.elapsed / interval);
	}

	@ParameterizedTest
	@ValueSource(strings = { "maintenance.removeExpired", "storage-report" })
	void eachTickThatRanIsAJobAndHasItsLateness(String name) {
		double ran = this.after.sum(TICKS, "name", name, "result", "ran");
		assertThat(this.after.sum(JOBS + "_count", "name", name, "kind", "periodic", "pool", "default", "outcome",
				"succeeded", "exception", "none"))
			.isEqualTo(ran);
		assertThat(this.after.sum(JOBS + "_count", "name", name)).isEqualTo(ran);
		assertThat(this.after.sum(LATENESS + "_count", "name", name)).isEqualTo(ran);
		assertThat(this.after.sum(LATENESS + "_sum", "name", name)).isBetween(0.0, ran * this.elapsed);
	}

	@Test
	void runByHandIsAJobAndNoTick() {
		assertThat(this.after.sum(JOBS + "_count", "name", "maintenance.spawnLostJobs", "kind", "periodic", "outcome",
				"succeeded"))
			.isOne();
		assertThat(this.after.sum(TICKS, "name", "maintenance.spawnLostJobs", "result", "ran")).isZero();
		assertThat(this.after.of(LATENESS + "_count", "name", "maintenance.spawnLostJobs")).isEmpty();
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

	private Set<String> ticked(String name) {
		return Set.copyOf(this.after.of(TICKS, "name", name).map((sample) -> sample.labels().get("result")).toList());
	}

	private static void assertGauges(Scrape scrape, int active, int pending) {
		assertThat(scrape.sum("background_jobs_active", "pool", "thumbnails")).isEqualTo(active);
		assertThat(scrape.sum("background_jobs_pending", "pool", "thumbnails")).isEqualTo(pending);
		assertThat(scrape.sum("background_jobs_limit", "pool", "thumbnails")).isEqualTo(LIMIT);
	}

	private static Gate opened() {
		Gate gate = new Gate();
		gate.open();
		return gate;
	}

	private static double secondsSince(long nanoTime) {
		return (System.nanoTime() - nanoTime) / (double) TimeUnit.SECONDS.toNanos(1);
	}

}
