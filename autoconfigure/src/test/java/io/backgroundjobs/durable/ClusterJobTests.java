package io.backgroundjobs.durable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Periodic jobs that two instances share, on each of the databases.
 */
class ClusterJobTests {

	private static final PeriodicJobSpec SPEC = PeriodicJobSpec.named("shared").scope(JobScope.CLUSTER);

	private final Queue<String> ran = new ConcurrentLinkedQueue<>();

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void eachInstantIsOneInstancesAndHasOneResult(TestDatabase database) {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			StoreFixture two = instance(dataSource, "two");
			PeriodicJobSpec spec = SPEC.every(Duration.ofMillis(100));
			PeriodicJobHandle first = one.engine.addPeriodic(spec, this::note);
			PeriodicJobHandle second = two.engine.addPeriodic(spec, this::note);
			one.start();
			two.start();
			Awaitility.await().until(() -> this.ran.size() >= 30);
			one.stop();
			two.stop();
			List<String> keys = new ArrayList<>(this.ran);
			assertThat(keys).doesNotHaveDuplicates();
			List<Instant> instants = keys.stream().map((key) -> Instant.parse(key.substring(7))).sorted().toList();
			assertThat(instants).allMatch((instant) -> instant.toEpochMilli() % 100 == 0);
			long named = Duration.between(instants.get(0), instants.get(instants.size() - 1)).toMillis() / 100 + 1;
			// What one has not accounted for the other one has.
			assertThat(own(first) + own(second)).isEqualTo(named);
			assertThat(count(first, TickResult.RAN) + count(second, TickResult.RAN)).isEqualTo(keys.size());
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void anInstanceCountsWhatOthersRan(TestDatabase database) {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			StoreFixture two = instance(dataSource, "two");
			PeriodicJobSpec spec = SPEC.every(Duration.ofMillis(100));
			PeriodicJobHandle first = one.engine.addPeriodic(spec, this::note);
			PeriodicJobHandle second = two.engine.addPeriodic(spec, this::note);
			one.start();
			two.start();
			second.pause("me", "out");
			int before = this.ran.size();
			Awaitility.await().until(() -> this.ran.size() >= before + 10);
			assertThat(count(second, TickResult.HELD_ELSEWHERE)).isPositive();
			assertThat(count(second, TickResult.RAN)).isLessThanOrEqualTo(before + 1);
			assertThat(count(first, TickResult.RAN)).isGreaterThan(5);
			assertThat(second.nextRun()).isAfter(Instant.now().minusSeconds(1));
			two.stop();
			one.stop();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aFixedDelayCountsFromTheEndOfTheLastRun(TestDatabase database) {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			StoreFixture two = instance(dataSource, "two");
			PeriodicJobSpec spec = SPEC.fixedDelay(Duration.ofMillis(100));
			Queue<Long> times = new ConcurrentLinkedQueue<>();
			JobBody<?> body = (context) -> {
				times.add(System.nanoTime());
				Thread.sleep(50);
				times.add(System.nanoTime());
				return null;
			};
			PeriodicJobHandle first = one.engine.addPeriodic(spec, body);
			PeriodicJobHandle second = two.engine.addPeriodic(spec, body);
			one.start();
			two.start();
			Awaitility.await().until(() -> times.size() >= 10);
			one.stop();
			two.stop();
			List<Long> all = new ArrayList<>(times);
			for (int i = 2; i + 1 < all.size(); i += 2) {
				assertThat(all.get(i) - all.get(i - 1)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(90));
			}
			assertThat(count(first, TickResult.RAN) + count(second, TickResult.RAN)).isEqualTo(all.size() / 2);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void afterADowntimeThereIsOneRunAndNoFlood(TestDatabase database) {
		assertThat(afterDowntime(database, SPEC.every(Duration.ofSeconds(10)))).containsExactly(1, 9);
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void afterADowntimeNothingRunsIfMissedOnesAreSkipped(TestDatabase database) {
		assertThat(afterDowntime(database, SPEC.every(Duration.ofSeconds(10)).missed(MissedRunPolicy.SKIP)))
			.containsExactly(0, 10);
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void afterADowntimeABoundedNumberIsCaughtUp(TestDatabase database) {
		assertThat(afterDowntime(database,
				SPEC.every(Duration.ofSeconds(10)).missed(MissedRunPolicy.CATCH_UP).catchUpLimit(3)))
			.containsExactly(3, 7);
	}

	/**
	 * Return how many of ten instants that came while nobody was there ran, and how many
	 * were missed.
	 */
	private List<Integer> afterDowntime(TestDatabase database, PeriodicJobSpec spec) {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			PeriodicJobHandle handle = one.engine.addPeriodic(spec, this::note);
			// Begin right after an instant, so that no further one comes meanwhile.
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Instant.now().toEpochMilli() % 10_000 < 3000);
			Instant tenth = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 10 * 10).minusSeconds(90);
			new JdbcTemplate(dataSource).update(
					"insert into background_jobs (task_name, task_instance, execution_time, "
							+ "picked, version, priority) values ('periodic:', 'shared', ?, false, 1, 0)",
					tenth.atOffset(ZoneOffset.UTC));
			one.start();
			Awaitility.await().until(() -> own(handle) == 10);
			one.stop();
			assertThat(this.ran).hasSize((int) count(handle, TickResult.RAN));
			return List.of((int) count(handle, TickResult.RAN), (int) count(handle, TickResult.MISSED));
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aRunThatTakesLongerThanTheIntervalSkipsWhatComesMeanwhile(TestDatabase database) {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			PeriodicJobHandle handle = one.engine.addPeriodic(SPEC.every(Duration.ofMillis(100)), (context) -> {
				Thread.sleep(250);
				return note(context);
			});
			one.start();
			Awaitility.await().until(() -> this.ran.size() >= 4);
			one.stop();
			assertThat(this.ran).doesNotHaveDuplicates();
			assertThat(count(handle, TickResult.OVERLAP)).isGreaterThanOrEqualTo(6);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void underQueueOneTheFirstOfThemWaits(TestDatabase database) {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			PeriodicJobHandle handle = one.engine
				.addPeriodic(SPEC.every(Duration.ofMillis(100)).overlap(OverlapPolicy.QUEUE_ONE), (context) -> {
					Thread.sleep(250);
					return note(context);
				});
			one.start();
			Awaitility.await().until(() -> this.ran.size() >= 4);
			one.stop();
			List<Instant> instants = this.ran.stream().map((key) -> Instant.parse(key.substring(7))).toList();
			assertThat(instants).doesNotHaveDuplicates().isSorted();
			assertThat(Duration.between(instants.get(0), instants.get(1))).isEqualTo(Duration.ofMillis(100));
			assertThat(count(handle, TickResult.OVERLAP)).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void anInstanceThatWasPausedAloneMakesUpNothing(TestDatabase database) throws Exception {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			PeriodicJobHandle handle = one.engine.addPeriodic(SPEC.every(Duration.ofMillis(100)), this::note);
			one.start();
			Awaitility.await().until(() -> !this.ran.isEmpty());
			handle.pause();
			// The slowness is the point: time passes in which nothing may run.
			TimeUnit.MILLISECONDS.sleep(2500);
			int paused = this.ran.size();
			handle.resume();
			Awaitility.await().until(() -> this.ran.size() >= paused + 3);
			one.stop();
			assertThat(count(handle, TickResult.PAUSED)).isGreaterThan(15);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aTriggeredRunKeepsTheOtherInstancesOut(TestDatabase database) throws Exception {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = instance(dataSource, "one");
			StoreFixture two = instance(dataSource, "two");
			CountDownLatch gate = new CountDownLatch(1);
			PeriodicJobSpec spec = SPEC.every(Duration.ofDays(1));
			JobBody<?> body = (context) -> {
				note(context);
				return gate.await(20, TimeUnit.SECONDS);
			};
			PeriodicJobHandle first = one.engine.addPeriodic(spec, body);
			PeriodicJobHandle second = two.engine.addPeriodic(spec, body);
			one.start();
			two.start();
			Job<?> triggered = first.trigger();
			Awaitility.await().until(() -> this.ran.size() == 1);
			assertThatExceptionOfType(JobRejectedException.class).isThrownBy(second::trigger)
				.satisfies((ex) -> assertThat(ex.reason()).hasToString("held-elsewhere"));
			assertThatExceptionOfType(JobRejectedException.class).isThrownBy(first::trigger)
				.satisfies((ex) -> assertThat(ex.reason()).hasToString("overlap"));
			gate.countDown();
			triggered.await();
			Awaitility.await().untilAsserted(() -> assertThat(second.trigger()).isNotNull());
			assertThat(own(first)).isZero();
			one.stop();
			two.stop();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatAShutdownInterruptsIsAnotherInstances(TestDatabase database) throws Exception {
		try (HikariDataSource dataSource = database.open()) {
			StoreFixture one = new StoreFixture(dataSource, "one",
					(builder) -> builder.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)));
			AtomicInteger interrupted = new AtomicInteger();
			PeriodicJobHandle first = one.engine.addPeriodic(SPEC.every(Duration.ofMillis(500)), (context) -> {
				try {
					note(context);
					return new CountDownLatch(1).await(30, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					interrupted.incrementAndGet();
					throw ex;
				}
			});
			one.start();
			Awaitility.await().until(() -> this.ran.size() == 1);
			one.stop();
			assertThat(interrupted).hasValue(1);
			assertThat(own(first)).isZero();
			StoreFixture two = instance(dataSource, "two");
			PeriodicJobHandle second = two.engine.addPeriodic(SPEC.every(Duration.ofMillis(500)), this::note);
			two.start();
			Awaitility.await().until(() -> count(second, TickResult.RAN) > 0);
			two.stop();
			assertThat(new HashSet<>(this.ran)).hasSizeGreaterThanOrEqualTo(this.ran.size() - 1);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aDeadInstancesTickIsTakenOver(TestDatabase database) {
		try (HikariDataSource dataSource = database.open()) {
			Instant due = Instant.ofEpochSecond(Instant.now().getEpochSecond()).minusSeconds(20);
			new JdbcTemplate(dataSource)
				.update("insert into background_jobs (task_name, task_instance, execution_time, picked, picked_by, "
						+ "last_heartbeat, version, priority) values ('periodic:', 'shared', ?, true, 'dead', ?, 1, 0)",
						due.atOffset(ZoneOffset.UTC), due.atOffset(ZoneOffset.UTC));
			StoreFixture one = instance(dataSource, "one");
			PeriodicJobHandle handle = one.engine.addPeriodic(SPEC.every(Duration.ofSeconds(1)), this::note);
			one.start();
			Awaitility.await().until(() -> !this.ran.isEmpty());
			Awaitility.await().until(() -> own(handle) >= 20);
			one.stop();
			assertThat(count(handle, TickResult.MISSED)).isGreaterThanOrEqualTo(19);
			assertThat(this.ran).doesNotHaveDuplicates();
		}
	}

	private StoreFixture instance(HikariDataSource dataSource, String name) {
		return new StoreFixture(dataSource, name, (builder) -> {
		});
	}

	private Object note(JobContext context) {
		return this.ran.add(context.idempotencyKey());
	}

	private static long count(PeriodicJobHandle handle, TickResult result) {
		return handle.ticks().getOrDefault(result, 0L);
	}

	/**
	 * Count the instants that an instance has accounted for.
	 */
	private static long own(PeriodicJobHandle handle) {
		return handle.ticks()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey() != TickResult.HELD_ELSEWHERE)
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

}
