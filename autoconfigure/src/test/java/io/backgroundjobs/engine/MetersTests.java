package io.backgroundjobs.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.retry.RetryPolicy;
import reactor.core.scheduler.NonBlocking;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.autoconfigure.BackgroundJobMetricsAutoConfiguration;
import io.backgroundjobs.autoconfigure.BackgroundJobsAutoConfiguration;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.JobMeters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests of every meter of a Boot application against work that is known: counts and sums
 * by arithmetic, with each value that a tag may have. A test owns the time.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class MetersTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final ManualClock clock = new ManualClock();

	private final Gate gate = new Gate();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(BackgroundJobsAutoConfiguration.class,
				BackgroundJobMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withBean(EngineClock.class, () -> this.clock)
		.withPropertyValues("background-jobs.pools.narrow.limit=1", "background-jobs.pools.narrow.pending-limit=1",
				"background-jobs.pools.narrow.overflow=reject", "background-jobs.pools.blocking.limit=1",
				"background-jobs.pools.blocking.pending-limit=0", "background-jobs.shutdown.wait-timeout=0s",
				"background-jobs.shutdown.shield-timeout=0s", "background-jobs.shutdown.close-timeout=0s");

	private MeterRegistry registry;

	private JobEngine engine;

	private void run(Body body, String... properties) {
		run(this.runner.withPropertyValues(properties), body);
	}

	private void run(ApplicationContextRunner application, Body body) {
		application.run((context) -> {
			this.registry = context.getBean(MeterRegistry.class);
			this.engine = context.getBean(JobEngine.class);
			try {
				body.run();
			}
			finally {
				this.gate.open(1_000_000);
				this.engine.stop();
			}
		});
	}

	@Test
	void runningTimesAddUpForEachOutcome() {
		run(() -> {
			for (int seconds = 1; seconds <= 3; seconds++) {
				work("send", Duration.ofSeconds(seconds), null);
			}
			work("send", SECOND, new IOException("broken"));
			work("send", SECOND, new IllegalStateException("broken"));
			Job<String> slow = this.engine.spawn(JobOptions.named("send").timeout(Duration.ofSeconds(5)),
					PoolBench.through(this.gate));
			this.gate.awaitEntered(1);
			this.clock.advance(Duration.ofSeconds(5));
			Eventually.holds(() -> slow.state() == JobState.FAILED);
			Job<String> cancelled = this.engine.spawn("send", PoolBench.through(this.gate));
			this.gate.awaitEntered(1);
			this.clock.advance(Duration.ofSeconds(7));
			cancelled.cancel();
			Job<String> pending = this.engine.spawn(JobOptions.named("send").delay(SECOND), () -> "never");
			pending.cancel();
			assertThat(timers("background.jobs", "outcome", "exception")).isEqualTo(Map.of("succeeded none",
					"3 in PT6S", "failed IOException", "1 in PT1S", "failed IllegalStateException", "1 in PT1S",
					"timed-out JobTimeoutException", "1 in PT5S", "cancelled none", "2 in PT7S"));
			assertThat(timers("background.jobs", "name", "kind", "pool").keySet())
				.containsExactly("send spawned default");
		});
	}

	@Test
	void attemptsOfAJobCountAsOneAndTheirTimesTogether() {
		run(() -> {
			JobOptions options = JobOptions.named("send")
				.retry(RetryPolicy.builder().maxRetries(2).delay(SECOND).build());
			Job<String> job = this.engine.spawn(options, (running) -> {
				this.gate.pass();
				if (running.attempt() < 3) {
					throw new IOException("broken");
				}
				return "x";
			});
			for (int attempt = 1; attempt <= 3; attempt++) {
				this.gate.awaitEntered(1);
				this.clock.advance(Duration.ofSeconds(2 * attempt));
				this.gate.open(1);
				if (attempt < 3) {
					Eventually.holds(() -> job.state() == JobState.SCHEDULED && this.clock.timers() == 1);
					this.clock.advance(SECOND);
				}
			}
			job.await();
			assertThat(timers("background.jobs", "outcome")).isEqualTo(Map.of("succeeded", "1 in PT12S"));
			assertThat(timers("background.jobs.wait", "pool")).isEqualTo(Map.of("default", "3 in PT0S"));
		});
	}

	@Test
	void eachKindHasItsName() {
		run(() -> {
			this.engine.spawn("spawned", () -> "x").await();
			this.engine.addPeriodic("periodic", SECOND, () -> {
			});
			this.clock.advance(Duration.ZERO);
			this.engine.background("loop", (job) -> this.gate.pass());
			this.gate.awaitEntered(1);
			this.gate.open(1);
			Eventually.holds(() -> timers("background.jobs", "name").size() == 3);
			assertThat(timers("background.jobs", "name", "kind").keySet()).containsExactly("loop background",
					"periodic periodic", "spawned spawned");
		});
	}

	@Test
	void timeInTheQueueAndGaugesOfThePool() {
		run(() -> {
			Job<String> first = narrow();
			this.gate.awaitEntered(1);
			Job<String> second = narrow();
			this.clock.advance(Duration.ofSeconds(5));
			assertThat(gauges("narrow")).isEqualTo(Map.of("active", 1.0, "pending", 1.0, "limit", 1.0));
			this.engine.resizePool("narrow", 3);
			this.gate.awaitEntered(1);
			assertThat(gauges("narrow")).isEqualTo(Map.of("active", 2.0, "pending", 0.0, "limit", 3.0));
			this.gate.open(2);
			first.await();
			second.await();
			assertThat(gauges("narrow")).isEqualTo(Map.of("active", 0.0, "pending", 0.0, "limit", 3.0));
			assertThat(timers("background.jobs.wait", "pool")).isEqualTo(Map.of("narrow", "2 in PT5S"));
		});
	}

	@Test
	void latenessIsTheStartMinusTheTick() {
		run(() -> {
			PeriodicJobHandle job = this.engine.addPeriodic("periodic", Duration.ofSeconds(10), () -> {
			});
			this.clock.advance(Duration.ZERO);
			Eventually.holds(() -> this.engine.isIdle());
			this.clock.jump(Duration.ofSeconds(13));
			Eventually.holds(() -> this.engine.isIdle() && job.ticks().get(TickResult.RAN) == 2);
			assertThat(timers("background.jobs.lateness", "name")).isEqualTo(Map.of("periodic", "2 in PT3S"));
		});
	}

	@Test
	void everyTickIsInExactlyOneResult() {
		run(() -> {
			List<PeriodicJobHandle> all = List.of(overlap(), paused(), missed(), poolFull(), cancelled(),
					executorGone(), stopping());
			assertThat(counters("background.jobs.ticks", "name", "result"))
				.isEqualTo(new TreeMap<>(Map.ofEntries(Map.entry("overlap ran", 1L), Map.entry("overlap overlap", 2L),
						Map.entry("paused paused", 3L), Map.entry("missed ran", 2L), Map.entry("missed missed", 4L),
						Map.entry("pool-full pool-full", 2L), Map.entry("cancelled ran", 1L),
						Map.entry("cancelled cancelled", 1L), Map.entry("executor-gone executor-gone", 1L),
						Map.entry("stopping ran", 1L), Map.entry("stopping stopping", 4L))));
			for (PeriodicJobHandle job : all) {
				long named = job.ticks().values().stream().mapToLong(Long::longValue).sum();
				assertThat(counters("background.jobs.ticks", "name").get(job.name())).isEqualTo(named);
			}
			// The last result needs other instances.
			assertThat(counters("background.jobs.ticks", "result").keySet())
				.containsExactlyInAnyOrderElementsOf(values(TickResult.values(), TickResult.HELD_ELSEWHERE));
		});
	}

	private PeriodicJobHandle overlap() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec("overlap"), PoolBench.through(this.gate));
		this.clock.advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND.multipliedBy(2));
		this.gate.open(1);
		return removed(job);
	}

	private PeriodicJobHandle paused() {
		PeriodicJobHandle job = this.engine.addPeriodic(spec("paused").paused(true), () -> {
		});
		this.clock.advance(SECOND.multipliedBy(2));
		job.remove();
		return job;
	}

	private PeriodicJobHandle missed() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec("missed").missed(MissedRunPolicy.RUN_ONCE), () -> {
		});
		this.clock.advance(Duration.ZERO);
		Eventually.holds(() -> this.engine.isIdle());
		this.clock.jump(SECOND.multipliedBy(5));
		Eventually.holds(() -> this.engine.isIdle());
		return removed(job);
	}

	private PeriodicJobHandle poolFull() throws Exception {
		narrow();
		this.gate.awaitEntered(1);
		narrow();
		PeriodicJobHandle job = this.engine
			.addPeriodic(spec("pool-full").overlap(OverlapPolicy.CONCURRENT).pool("narrow"), () -> {
			});
		this.clock.advance(SECOND);
		this.gate.open(2);
		this.gate.awaitEntered(1);
		return removed(job);
	}

	private PeriodicJobHandle cancelled() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(spec("cancelled").overlap(OverlapPolicy.QUEUE_ONE),
				PoolBench.through(this.gate));
		this.clock.advance(Duration.ZERO);
		this.gate.awaitEntered(1);
		this.clock.advance(SECOND);
		assertThat(this.engine.jobs()).filteredOn((run) -> run.state() == JobState.PENDING)
			.singleElement()
			.satisfies((run) -> assertThat(run.cancel()).isTrue());
		this.gate.open(1);
		return removed(job);
	}

	private PeriodicJobHandle executorGone() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		executor.shutdown();
		PeriodicJobHandle job = this.engine.addPeriodic(spec("executor-gone").executor(executor), () -> {
		});
		this.clock.advance(Duration.ZERO);
		Eventually.holds(() -> this.engine.findPeriodic("executor-gone").isEmpty());
		return job;
	}

	private PeriodicJobHandle stopping() throws Exception {
		PeriodicJobHandle job = this.engine.addPeriodic(
				spec("stopping").initialDelay(SECOND).missed(MissedRunPolicy.CATCH_UP), PoolBench.through(this.gate));
		this.clock.jump(SECOND.multipliedBy(5));
		this.gate.awaitEntered(1);
		this.engine.stopTicking();
		this.gate.open(1);
		return removed(job);
	}

	private PeriodicJobHandle removed(PeriodicJobHandle job) throws InterruptedException {
		job.remove();
		Eventually.holds(() -> this.engine.jobs().isEmpty() && this.engine.isIdle());
		return job;
	}

	@Test
	void everyRejectionIsInExactlyOneReason() {
		run(() -> {
			narrow();
			this.gate.awaitEntered(1);
			narrow();
			rejected(RejectionReason.FULL, this::narrow);
			assertThat(this.engine.trySpawn(PoolBench.in("narrow"), (job) -> "x")).isEmpty();
			JobOptions blocking = PoolBench.in("blocking");
			this.engine.spawn(blocking, PoolBench.through(this.gate));
			this.gate.awaitEntered(1);
			FutureTask<Object> timedOut = blocked(blocking);
			this.clock.advance(Duration.ofSeconds(5));
			timedOut.get();
			Thread.currentThread().interrupt();
			rejected(RejectionReason.INTERRUPTED, () -> this.engine.spawn(blocking, () -> "x"));
			assertThat(Thread.interrupted()).isTrue();
			FutureTask<Object> wouldBlock = new FutureTask<>(() -> {
				rejected(RejectionReason.WOULD_BLOCK, () -> this.engine.spawn(blocking, () -> "x"));
				return null;
			});
			new NonBlockingThread(wouldBlock).start();
			wouldBlock.get();
			JobOptions keyed = JobOptions.named("keyed").delay(SECOND).key("k", OnDuplicate.REJECT);
			this.engine.spawn(keyed, () -> "x");
			rejected(RejectionReason.DUPLICATE, () -> this.engine.spawn(keyed, () -> "x"));
			PeriodicJobHandle periodic = this.engine.addPeriodic(spec("periodic"), PoolBench.through(this.gate));
			this.clock.advance(Duration.ZERO);
			this.gate.awaitEntered(1);
			rejected(RejectionReason.OVERLAP, periodic::trigger);
			this.engine.stop();
			rejected(RejectionReason.SHUTTING_DOWN, () -> this.engine.spawn("late", () -> "x"));
			assertThat(counters("background.jobs.rejected", "pool", "reason")).isEqualTo(Map.of("narrow full", 2L,
					"blocking overflow-timeout", 1L, "blocking interrupted", 1L, "blocking would-block", 1L,
					"default duplicate", 1L, "default overlap", 1L, "default shutting-down", 1L));
		});
	}

	@Test
	void notStartedIsAReason() {
		run(() -> {
			JobEngine stopped = new JobEngineBuilder().recorder(new JobMeters(this.registry, new BoundedJobNames(1)))
				.build();
			rejected(RejectionReason.NOT_STARTED, () -> stopped.spawn("early", () -> "x"));
			assertThat(counters("background.jobs.rejected", "reason")).isEqualTo(Map.of("not-started", 1L));
		});
	}

	@Test
	void namesBeyondTheLimitAreOther() {
		run(() -> {
			for (String name : List.of("a", "b", "c", "a", "d", "b")) {
				this.engine.spawn(name, () -> "x").await();
			}
			this.engine.addPeriodic("periodic", SECOND, () -> {
			});
			this.clock.advance(Duration.ZERO);
			Eventually.holds(() -> timers("background.jobs", "name").containsKey("periodic"));
			assertThat(timers("background.jobs", "name"))
				.isEqualTo(Map.of("a", "2 in PT0S", "b", "2 in PT0S", "other", "2 in PT0S", "periodic", "1 in PT0S"));
		}, "background-jobs.metrics.max-names=2");
	}

	@Test
	void distributionsAsBootIsAskedForThem() {
		run(() -> {
			for (int seconds = 1; seconds <= 4; seconds++) {
				work("send", Duration.ofSeconds(seconds), null);
			}
			HistogramSnapshot jobs = this.registry.get("background.jobs").timer().takeSnapshot();
			assertThat(jobs.histogramCounts())
				.extracting((bucket) -> bucket.bucket(TimeUnit.SECONDS), CountAtBucket::count)
				.containsExactly(tuple(1.0, 1.0), tuple(3.0, 3.0));
			assertThat(jobs.percentileValues()).singleElement()
				.satisfies((value) -> assertThat(value.value(TimeUnit.SECONDS)).isBetween(1.9, 2.2));
		}, "management.metrics.distribution.slo.background.jobs=1s,3s",
				"management.metrics.distribution.percentiles.background.jobs=0.5");
	}

	@Test
	void histogramsReachPrometheus() {
		run(this.runner.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class))
			.withPropertyValues("management.simple.metrics.export.enabled=false",
					"management.metrics.distribution.percentiles-histogram.background.jobs=true"),
				() -> {
					work("send", SECOND, null);
					work("send", Duration.ofSeconds(20), null);
					String scrape = ((PrometheusMeterRegistry) this.registry).scrape();
					String tags = "exception=\"none\",kind=\"spawned\",name=\"send\",outcome=\"succeeded\",pool=\"default\"";
					assertThat(scrape).contains("background_jobs_seconds_count{" + tags + "} 2",
							"background_jobs_seconds_sum{" + tags + "} 21.0",
							"background_jobs_seconds_bucket{" + tags + ",le=\"1.073741824\"} 1",
							"background_jobs_wait_seconds_bucket{pool=\"default\",le=\"0.001\"} 2",
							"background_jobs_active{pool=\"default\"} 0.0");
				});
	}

	@Test
	void filtersOfTheApplicationWork() {
		run(this.runner
			.withBean("tags", MeterFilter.class, () -> MeterFilter.commonTags(List.of(Tag.of("region", "eu"))))
			.withBean("deny", MeterFilter.class, () -> MeterFilter.denyNameStartsWith("background.jobs.wait"))
			.withBean("rename", MeterFilter.class, () -> MeterFilter.renameTag("background.jobs", "name", "job")),
				() -> {
					work("send", SECOND, null);
					assertThat(timers("background.jobs", "job", "region")).isEqualTo(Map.of("send eu", "1 in PT1S"));
					assertThat(this.registry.find("background.jobs.wait").timer()).isNull();
					assertThat(this.registry.get("background.jobs.active").gauges()).hasSize(3);
				});
	}

	@Test
	void metersHaveExactlyTheTagsThatAreDocumented() {
		run(() -> {
			work("send", SECOND, null);
			PeriodicJobHandle job = this.engine.addPeriodic("periodic", SECOND, () -> {
			});
			this.clock.advance(Duration.ZERO);
			Eventually.holds(() -> this.engine.isIdle() && job.ticks().get(TickResult.RAN) == 1);
			this.engine.stop();
			rejected(RejectionReason.SHUTTING_DOWN, () -> this.engine.spawn("late", () -> "x"));
			Map<String, String> tags = new TreeMap<>();
			this.registry.getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> id.getName().startsWith("background"))
				.forEach((id) -> tags.put(id.getName() + " " + id.getType(),
						id.getTags().stream().map(Tag::getKey).sorted().collect(Collectors.joining(" "))));
			assertThat(tags).isEqualTo(Map.of("background.jobs TIMER", "exception kind name outcome pool",
					"background.jobs.active GAUGE", "pool", "background.jobs.pending GAUGE", "pool",
					"background.jobs.limit GAUGE", "pool", "background.jobs.wait TIMER", "pool",
					"background.jobs.lateness TIMER", "name", "background.jobs.ticks COUNTER", "name result",
					"background.jobs.rejected COUNTER", "pool reason"));
		});
	}

	/**
	 * Run a job that takes a known time, and wait for its end.
	 */
	private void work(String name, Duration time, @Nullable Exception failure) throws InterruptedException {
		Job<String> job = this.engine.spawn(name, (running) -> {
			this.gate.pass();
			if (failure != null) {
				throw failure;
			}
			return "x";
		});
		this.gate.awaitEntered(1);
		this.clock.advance(time);
		this.gate.open(1);
		Eventually.holds(() -> job.state().isEnded());
	}

	private Job<String> narrow() {
		return this.engine.spawn(PoolBench.in("narrow"), PoolBench.through(this.gate));
	}

	private static PeriodicJobSpec spec(String name) {
		return PeriodicJobSpec.named(name).every(SECOND);
	}

	private static void rejected(RejectionReason reason, ThrowingCallable spawn) {
		assertThatExceptionOfType(JobRejectedException.class).isThrownBy(spawn)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	/**
	 * Start a thread that is rejected in the end, and wait until it is blocked.
	 */
	private FutureTask<Object> blocked(JobOptions options) throws InterruptedException {
		int timers = this.clock.timers();
		FutureTask<Object> spawn = new FutureTask<>(() -> {
			rejected(RejectionReason.OVERFLOW_TIMEOUT, () -> this.engine.spawn(options, () -> "x"));
			return null;
		});
		new Thread(spawn).start();
		Eventually.holds(() -> this.clock.timers() > timers);
		return spawn;
	}

	/**
	 * Sum up timers by the values of some tags.
	 */
	private Map<String, String> timers(String name, String... tags) {
		Map<String, Long> counts = new TreeMap<>();
		Map<String, Double> sums = new TreeMap<>();
		for (Timer timer : this.registry.find(name).timers()) {
			counts.merge(values(timer, tags), timer.count(), Long::sum);
			sums.merge(values(timer, tags), timer.totalTime(TimeUnit.NANOSECONDS), Double::sum);
		}
		Map<String, String> shown = new TreeMap<>();
		counts.forEach((key, count) -> shown.put(key, count + " in " + Duration.ofNanos(sums.get(key).longValue())));
		return shown;
	}

	private Map<String, Long> counters(String name, String... tags) {
		Map<String, Long> counts = new TreeMap<>();
		for (Counter counter : this.registry.find(name).counters()) {
			counts.merge(values(counter, tags), (long) counter.count(), Long::sum);
		}
		return counts;
	}

	private Map<String, Double> gauges(String pool) {
		Map<String, Double> values = new TreeMap<>();
		for (String gauge : List.of("active", "pending", "limit")) {
			values.put(gauge, this.registry.get("background.jobs." + gauge).tag("pool", pool).gauge().value());
		}
		return values;
	}

	private static String values(Meter meter, String... tags) {
		return Arrays.stream(tags).map((tag) -> meter.getId().getTag(tag)).collect(Collectors.joining(" "));
	}

	private static List<String> values(TickResult[] results, TickResult except) {
		return Arrays.stream(results).filter((result) -> result != except).map(TickResult::toString).toList();
	}

	private interface Body {

		void run() throws Exception;

	}

	private static final class NonBlockingThread extends Thread implements NonBlocking {

		private NonBlockingThread(Runnable task) {
			super(task);
		}

	}

}
