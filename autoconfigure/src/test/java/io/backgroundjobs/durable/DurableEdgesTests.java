package io.backgroundjobs.durable;

import java.io.Serial;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.StoredJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Where transactions, connection pools, starts and stops meet durable and shared jobs.
 */
class DurableEdgesTests {

	private static final PeriodicJobSpec SPEC = PeriodicJobSpec.named("shared").scope(JobScope.CLUSTER);

	private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatIsSpawnedAfterTheCommitOrTheRollbackIsThereAtOnce(TestDatabase database) throws Exception {
		for (boolean autoCommit : List.of(true, false)) {
			try (StoreFixture one = new StoreFixture(pool(database, autoCommit))) {
				DurableJob<String> job = sees(one);
				one.start();
				one.transaction.executeWithoutResult((status) -> {
					one.store.spawn(job, "within");
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCommit() {
							one.store.spawn(job, "after the commit");
						}

						@Override
						public void afterCompletion(int outcome) {
							one.store.spawn(job, "after the completion");
						}

					});
				});
				assertThat(List.of(next(), next(), next())).containsExactlyInAnyOrder("within", "after the commit",
						"after the completion");
				Awaitility.await().until(() -> one.store.queues().isEmpty());
			}
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void keyedSpawnsNeedOneConnectionEach(TestDatabase database) throws Exception {
		HikariDataSource small = pool(database, true);
		small.setMaximumPoolSize(1);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try (StoreFixture one = new StoreFixture(small)) {
			DurableJob<String> job = sees(one);
			List<Future<StoredJob>> spawns = IntStream.range(0, 40)
				.mapToObj((i) -> threads.submit(() -> one.store
					.spawn(job.with((options) -> options.key("k" + i % 20, OnDuplicate.RETURN_EXISTING)), "text")))
				.toList();
			for (Future<StoredJob> spawn : spawns) {
				assertThat(spawn.get(20, TimeUnit.SECONDS).name()).isEqualTo("text");
			}
			assertThat(one.store.queues().get(0).pending()).isEqualTo(20);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aPoolThatDoesNotCommitByItselfIsCommittedFor(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(pool(database, false))) {
			DurableJob<String> job = sees(one);
			one.engine.addPeriodic(SPEC.every(Duration.ofMillis(100)), () -> this.seen.add("tick"));
			StoredJob later = one.store.spawn(job.with((options) -> options.delay(Duration.ofHours(1))), "later");
			assertThat(one.store.cancel("text", later.instance())).isTrue();
			assertThat(one.store.find("text", later.instance())).isEmpty();
			one.start();
			assertThat(List.of(next(), next())).containsExactly("tick", "tick");
		}
	}

	@Test
	void aRefusedSharedJobTakesNoTicksAway() throws Exception {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open())) {
			PeriodicJobSpec spec = SPEC.every(Duration.ofMillis(100));
			one.engine.addPeriodic(spec, () -> this.seen.add("first"));
			assertThatExceptionOfType(JobConfigurationException.class)
				.isThrownBy(() -> one.engine.addPeriodic(spec, () -> this.seen.add("refused")));
			one.start();
			assertThat(List.of(next(), next(), next())).containsOnly("first");
			one.engine.addPeriodic(spec.replacing(), () -> this.seen.add("replaced"));
			Awaitility.await().until(() -> this.seen.contains("replaced"));
			this.seen.clear();
			assertThat(List.of(next(), next())).containsOnly("replaced");
		}
	}

	@Test
	void aKindOfJobThatComesAfterTheStartIsRefused() {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open())) {
			one.start();
			assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> sees(one))
				.withMessageContaining("'text' comes after");
		}
	}

	@Test
	void aSharedJobThatIsAddedAfterTheStartTicks() throws Exception {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open())) {
			one.start();
			one.engine.addPeriodic(SPEC.every(Duration.ofMillis(100)), () -> this.seen.add("tick"));
			assertThat(next()).isEqualTo("tick");
		}
	}

	@Test
	void aScheduleThatIsChangedDuringARunCounts() throws Exception {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open())) {
			CountDownLatch gate = new CountDownLatch(1);
			PeriodicJobHandle handle = one.engine.addPeriodic(SPEC.fixedDelay(Duration.ofHours(10)), (context) -> {
				this.seen.add("run");
				return gate.await(20, TimeUnit.SECONDS);
			});
			one.start();
			assertThat(next()).isEqualTo("run");
			handle.reschedule(new JobSchedule.FixedRate(Duration.ofMillis(100)));
			gate.countDown();
			assertThat(List.of(next(), next())).containsOnly("run");
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aTriggeredRunHoldsTheOthersOutWhateverBecomesOfTheTransaction(TestDatabase database) throws Exception {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = new StoreFixture(dataSource);
			AtomicInteger inside = new AtomicInteger();
			AtomicInteger most = new AtomicInteger();
			PeriodicJobSpec spec = SPEC.every(Duration.ofMillis(100));
			JobBody<?> body = (context) -> {
				most.accumulateAndGet(inside.incrementAndGet(), Math::max);
				// The slowness is the point: instants come meanwhile.
				Thread.sleep(500);
				this.seen.add("run");
				return inside.decrementAndGet();
			};
			PeriodicJobHandle handle = one.engine.addPeriodic(spec, body);
			StoreFixture two = new StoreFixture(dataSource, "two", (builder) -> {
			});
			two.engine.addPeriodic(spec, body);
			handle.pause();
			one.start();
			Awaitility.await().ignoreExceptions().until(() -> one.transaction.execute((status) -> {
				status.setRollbackOnly();
				return handle.trigger() != null;
			}));
			two.start();
			assertThat(List.of(next(), next(), next())).hasSize(3);
			two.stop();
			one.stop();
			assertThat(most).hasValue(1);
		}
	}

	@Test
	void aStoreWhoseEngineIsStoppedAloneLeavesTheDatabaseAlone() throws Exception {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open())) {
			DurableJob<String> job = sees(one);
			one.start();
			one.engine.stop();
			one.store.spawn(job, "waits");
			JdbcTemplate jdbc = new JdbcTemplate(one.dataSource);
			Awaitility.await()
				.during(Duration.ofSeconds(1))
				.until(() -> Objects
					.requireNonNull(jdbc.queryForObject("select version from background_jobs", Long.class)) < 10);
			one.engine.start();
			one.store.spawn(job, "wakes");
			assertThat(List.of(next(), next())).containsExactlyInAnyOrder("waits", "wakes");
		}
	}

	/**
	 * Each spawn asks for a look, and each look finds what has not been taken yet.
	 */
	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aFloodOfJobsHasFewThreads(TestDatabase database) throws Exception {
		int jobs = 3_000;
		AtomicInteger most = new AtomicInteger();
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.pool(PoolSpec.named("work").withLimit(4)))) {
			CountDownLatch done = new CountDownLatch(jobs);
			DurableJob<String> job = one.register(DurableJob.of(JobOptions.named("text").pool("work"), String.class,
					(text, context) -> done.countDown()));
			one.start();
			ExecutorService spawners = Executors.newFixedThreadPool(10);
			for (int i = 0; i < jobs; i++) {
				spawners.execute(() -> one.store.spawn(job, "one of many"));
			}
			while (!done.await(1, TimeUnit.MILLISECONDS)) {
				most.accumulateAndGet(carriers(), Math::max);
			}
			spawners.shutdown();
		}
		// Four that have places and four that wait for those; as many again may be on
		// their way out.
		assertThat(most.get()).isBetween(1, 16);
	}

	private static int carriers() {
		return (int) Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false, 0))
			.filter((thread) -> thread.getThreadName().matches("background-jobs-durable-\\d+"))
			.count();
	}

	@Test
	void aFailureThatCannotBeReadCountsAsOne() {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open(), "one",
				(builder) -> builder.exceptionHandler((job, failure) -> {
					// told
				}))) {
			DurableJob<String> job = one.register(DurableJob.of(
					JobOptions.named("text").retry(RetryPolicy.builder().maxRetries(1).delay(Duration.ZERO).build()),
					String.class, (text, context) -> {
						throw new Unreadable();
					}));
			one.start();
			one.store.spawn(job, "text");
			Awaitility.await().until(() -> one.store.failed("text", 10).size() == 1);
			StoredJob failed = one.store.failed("text", 10).get(0);
			assertThat(failed.attempts()).isEqualTo(2);
			assertThat(failed.failure()).contains("Unreadable").contains("no message");
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aRetryInATransactionIsLookedForAfterItsCommit(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			AtomicInteger runs = new AtomicInteger();
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> {
					if (runs.getAndIncrement() == 0) {
						throw new IllegalStateException("no");
					}
					this.seen.add(text);
				}));
			one.start();
			one.store.spawn(job, "again");
			Awaitility.await().until(() -> one.store.failed(null, 1).size() == 1);
			String instance = one.store.failed(null, 1).get(0).instance();
			one.transaction.executeWithoutResult((status) -> {
				one.store.retry("text", instance);
				// Whoever looks now finds nothing.
				Awaitility.await().during(Duration.ofMillis(300)).until(this.seen::isEmpty);
			});
			assertThat(next()).isEqualTo("again");
		}
	}

	@Test
	void namesAreAsLongAsTheColumnIsWide() {
		try (StoreFixture one = new StoreFixture(TestDatabase.H2.open())) {
			String name = "x".repeat(256);
			assertThatExceptionOfType(JobConfigurationException.class)
				.isThrownBy(() -> one.register(DurableJob.of(JobOptions.named(name), String.class, (text, context) -> {
					// never
				})))
				.withMessageContaining("256 characters");
			assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(() -> one.engine
				.addPeriodic(PeriodicJobSpec.named(name).scope(JobScope.CLUSTER).every(Duration.ofSeconds(1)), () -> {
					// never
				})).withMessageContaining("256 characters");
		}
	}

	private static HikariDataSource pool(TestDatabase database, boolean autoCommit) {
		HikariDataSource created = database.open();
		HikariDataSource pool = TestDatabase.connect(created.getJdbcUrl());
		created.close();
		pool.setAutoCommit(autoCommit);
		return pool;
	}

	private DurableJob<String> sees(StoreFixture one) {
		return one
			.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> this.seen.add(text)));
	}

	private String next() throws InterruptedException {
		String next = this.seen.poll(15, TimeUnit.SECONDS);
		assertThat(next).as("what ran next").isNotNull();
		return Objects.requireNonNull(next);
	}

	/**
	 * What some libraries throw.
	 */
	private static final class Unreadable extends RuntimeException {

		@Serial
		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new UnsupportedOperationException();
		}

	}

}
