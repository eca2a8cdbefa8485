package io.backgroundjobs.sample;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import io.backgroundjobs.BackgroundJobScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Prometheus reads of the shelf after a known amount of work. The work comes over
 * HTTP, takes real time, and is done once; each test checks another meter of it.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "background-jobs.pools.thumbnails.limit=" + KnownWork.LIMIT,
				"background-jobs.pools.thumbnails.pending-limit=" + KnownWork.PENDING_LIMIT,
				"background-jobs.jobs.maintenance.removeExpired.every=100ms",
				"background-jobs.jobs.maintenance.spawnLostJobs.every=100ms",
				"background-jobs.jobs.maintenance.spawnLostJobs.paused=true",
				"background-jobs.jobs.storage-report.cron=* * * * * *",
				"background-jobs.jobs.storage-report.paused=true" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhotoShelfMetersTests {

	private static final int LIMIT = KnownWork.LIMIT;

	private static final int PENDING_LIMIT = KnownWork.PENDING_LIMIT;

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

	/** While two photos are decoded, and three wait. */
	private Scrape full;

	/** When one that ran and one that waited have been taken away. */
	private Scrape relieved;

	/** When all is over. */
	private Scrape after;

	private KnownWork work;

	/** Seconds that all of it took. */
	private double elapsed;

	@DynamicPropertySource
	static void beforeTheStart(DynamicPropertyRegistry registry) {
		start = System.nanoTime();
		registry.add("photos.directory", () -> directory);
	}

	@BeforeAll
	void doTheWork(@LocalServerPort int port) throws Exception {
		ShelfClient client = new ShelfClient(port);
		this.work = new KnownWork(client, this.scheduler, this.clock);
		this.work.hold(this.decoder, this.store);
		this.work.beginTheReport();
		this.work.uploadOneByOne();
		this.work.uploadTooMuch();
		this.work.finishPeriodicJobs();
		this.full = this.work.full();
		this.relieved = this.work.relieved();
		this.after = client.scrape();
		this.elapsed = KnownWork.secondsSince(start);
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
		assertThat(this.work.held()).isPositive();
		assertThat(this.after.sum(JOBS + "_sum", "name", "make-thumbnails", "outcome", "succeeded"))
			.isGreaterThan(this.work.held());
		assertThat(this.after.sum(JOBS + "_sum", "name", "make-thumbnails", "outcome", "failed")).isPositive();
		assertThat(this.after.sum(JOBS + "_sum", "pool", "thumbnails")).isLessThan(LIMIT * this.elapsed);
		assertThat(this.after.sum(JOBS + "_sum", "name", "storage-report")).isGreaterThan(this.work.reportHeld())
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
		assertThat(this.after.sum(WAIT + "_sum", "pool", "thumbnails")).isGreaterThan(this.work.held())
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
				"thumbnails", "webhooks");
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
		assertThat(this.work.handles()).hasSize(3).allSatisfy((handle) -> {
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

	private Set<String> ticked(String name) {
		return Set.copyOf(this.after.of(TICKS, "name", name).map((sample) -> sample.labels().get("result")).toList());
	}

	private static void assertGauges(Scrape scrape, int active, int pending) {
		assertThat(scrape.sum("background_jobs_active", "pool", "thumbnails")).isEqualTo(active);
		assertThat(scrape.sum("background_jobs_pending", "pool", "thumbnails")).isEqualTo(pending);
		assertThat(scrape.sum("background_jobs_limit", "pool", "thumbnails")).isEqualTo(LIMIT);
	}

}
