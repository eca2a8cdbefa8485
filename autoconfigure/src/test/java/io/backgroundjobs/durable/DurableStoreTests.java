package io.backgroundjobs.durable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.StoredJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Jobs in a database, on each of the databases.
 */
class DurableStoreTests {

	private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aSpawnedJobRunsAndLeavesNothingBehind(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<Order> job = one.register(sees("order", Order.class));
			one.start();
			Order order = new Order("a", LocalDate.of(2026, 11, 20), Map.of("b", List.of(1, 2)), null);
			StoredJob stored = one.store.spawn(job, order);
			assertThat(stored.state()).isEqualTo(JobState.PENDING);
			assertThat(next()).isEqualTo(order);
			awaitEmpty(one);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aGenericPayloadAndNullComeBackAsTheyWere(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<List<Order>> job = one
				.register(DurableJob.of(JobOptions.named("orders"), new ParameterizedTypeReference<List<Order>>() {
				}, (orders, context) -> this.seen.add(orders)));
			DurableJob<@Nullable String> nothing = one.register(DurableJob.of(JobOptions.named("nothing"), String.class,
					(text, context) -> this.seen.add(Objects.requireNonNullElse(text, "null"))));
			one.start();
			List<Order> orders = List.of(new Order("a", LocalDate.EPOCH, Map.of(), "x"));
			one.store.spawn(job, orders);
			assertThat(next()).isEqualTo(orders);
			one.store.spawn(nothing, null);
			assertThat(next()).isEqualTo("null");
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aJobBelongsToItsTransaction(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<String> job = one.register(sees("text", String.class));
			one.start();
			one.transaction.executeWithoutResult((status) -> {
				one.store.spawn(job, "rolled back");
				status.setRollbackOnly();
			});
			one.transaction.executeWithoutResult((status) -> {
				one.store.spawn(job, "committed");
				assertThat(this.seen).isEmpty();
			});
			assertThat(next()).isEqualTo("committed");
			awaitEmpty(one);
			assertThat(this.seen).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aDelayedJobRunsWhenItIsDue(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<String> job = one.register(sees("text", String.class));
			one.start();
			long begin = System.nanoTime();
			StoredJob stored = one.store.spawn(job.with((options) -> options.delay(Duration.ofMillis(400))), "later");
			assertThat(stored.state()).isEqualTo(JobState.SCHEDULED);
			assertThat(one.store.queues()).extracting(DurableQueue::scheduled).containsExactly(1L);
			assertThat(next()).isEqualTo("later");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(390),
					Duration.ofSeconds(5));
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aKeyIsThereOnceUntilItsJobHasEnded(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			CountDownLatch gate = new CountDownLatch(1);
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> {
					this.seen.add(text);
					gate.await();
				}));
			one.start();
			DurableJob<String> keyed = job.with((options) -> options.key("k", OnDuplicate.REJECT));
			StoredJob first = one.store.spawn(keyed, "first");
			assertThat(next()).isEqualTo("first");
			assertThatExceptionOfType(JobRejectedException.class).isThrownBy(() -> one.store.spawn(keyed, "second"))
				.satisfies((ex) -> assertThat(ex.reason()).hasToString("duplicate"));
			one.transaction.executeWithoutResult((status) -> {
				StoredJob existing = one.store
					.spawn(job.with((options) -> options.key("k", OnDuplicate.RETURN_EXISTING)), "third");
				assertThat(existing.id()).isEqualTo(first.id());
				one.store.spawn(job, "fourth");
			});
			assertThat(next()).isEqualTo("fourth");
			gate.countDown();
			awaitEmpty(one);
			one.store.spawn(keyed, "fifth");
			assertThat(next()).isEqualTo("fifth");
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aFailedJobIsTriedAgainAndThenKept(TestDatabase database) throws Exception {
		AtomicInteger handled = new AtomicInteger();
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.exceptionHandler((job, failure) -> handled.incrementAndGet()))) {
			AtomicInteger failures = new AtomicInteger(3);
			DurableJob<String> job = one.register(DurableJob.of(
					JobOptions.named("text")
						.retry(RetryPolicy.builder().maxRetries(2).delay(Duration.ofMillis(50)).build()),
					String.class, (text, context) -> {
						this.seen.add(context.attempt() + " " + context.idempotencyKey());
						if (failures.getAndDecrement() > 0) {
							throw new IllegalStateException("no");
						}
					}));
			one.start();
			StoredJob stored = one.store.spawn(job.with((options) -> options.key("k", OnDuplicate.REJECT)), "text");
			assertThat(next()).isEqualTo("1 " + stored.id());
			assertThat(next()).isEqualTo("2 " + stored.id());
			assertThat(next()).isEqualTo("3 " + stored.id());
			Awaitility.await().until(() -> one.store.failed(null, 10).size() == 1);
			assertThat(handled).hasValue(1);
			StoredJob failed = one.store.failed("text", 10).get(0);
			assertThat(failed.state()).isEqualTo(JobState.FAILED);
			assertThat(failed.attempts()).isEqualTo(3);
			assertThat(failed.failure()).isEqualTo("java.lang.IllegalStateException: no");
			assertThat(failed.instance()).isEqualTo(stored.id());
			assertThat(one.store.queues()).extracting(DurableQueue::failed).containsExactly(1L);
			assertThat(one.store.retry("text", failed.instance())).isTrue();
			assertThat(next()).isEqualTo("1 " + stored.id());
			awaitEmpty(one);
			assertThat(one.store.retry("text", failed.instance())).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aFailedJobCanBeForgotten(TestDatabase database) {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> {
					throw new IllegalStateException("no");
				}));
			one.start();
			one.store.spawn(job, "text");
			Awaitility.await().until(() -> one.store.failed(null, 10).size() == 1);
			StoredJob failed = one.store.failed(null, 10).get(0);
			assertThat(one.store.cancel("text", failed.instance())).isFalse();
			assertThat(one.store.delete("text", failed.instance())).isTrue();
			assertThat(one.store.delete("text", failed.instance())).isFalse();
			awaitEmpty(one);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aHigherPriorityGoesFirst(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.pool(PoolSpec.named("default").withLimit(1)))) {
			DurableJob<Integer> job = one.register(sees("number", Integer.class));
			for (int i = 0; i < 20; i++) {
				int number = i;
				one.store.spawn(job.with((options) -> options.priority(number)), number);
			}
			one.start();
			int displaced = 0;
			for (int i = 19; i >= 0; i--) {
				displaced += Math.abs((Integer) next() - i);
			}
			// One runs and one waits for it. A thread that brings one may be late, which
			// moves that one back and each of the others by one. By chance it would be
			// 133.
			assertThat(displaced).isLessThan(60);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aWaitingJobCanBeCancelledAndARunningOneWhereItRuns(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			CountDownLatch interrupted = new CountDownLatch(1);
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> {
					this.seen.add(text);
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						interrupted.countDown();
						throw ex;
					}
				}));
			one.start();
			StoredJob later = one.store.spawn(job.with((options) -> options.delay(Duration.ofHours(1))), "later");
			assertThat(one.store.cancel("text", later.instance())).isTrue();
			assertThat(one.store.find("text", later.instance())).isEmpty();
			StoredJob running = one.store.spawn(job, "running");
			assertThat(next()).isEqualTo("running");
			assertThat(one.engine.find(running.id())).isPresent();
			assertThat(one.store.cancel("text", running.instance())).isTrue();
			assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
			awaitEmpty(one);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatAShutdownInterruptsGoesBackWithoutCounting(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.shutdown(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)))) {
			AtomicInteger runs = new AtomicInteger();
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> {
					this.seen.add(context.attempt() + " " + text);
					if (runs.getAndIncrement() == 0) {
						new CountDownLatch(1).await();
					}
				}));
			one.start();
			one.store.spawn(job, "text");
			assertThat(next()).isEqualTo("1 text");
			one.stop();
			assertThat(one.store.queues()).extracting(DurableQueue::pending).containsExactly(1L);
			one.start();
			assertThat(next()).isEqualTo("1 text");
			awaitEmpty(one);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aSlowPoolKeepsNoOtherOneWaiting(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open(), "one",
				(builder) -> builder.pool(PoolSpec.named("slow").withLimit(2)))) {
			CountDownLatch gate = new CountDownLatch(1);
			DurableJob<Integer> slow = one.register(DurableJob.of(JobOptions.named("slow").pool("slow"), Integer.class,
					(number, context) -> gate.await()));
			DurableJob<String> fast = one.register(sees("fast", String.class));
			one.start();
			for (int i = 0; i < 200; i++) {
				one.store.spawn(slow, i);
			}
			one.store.spawn(fast, "fast");
			assertThat(next()).isEqualTo("fast");
			DurableQueue queue = one.store.queues()
				.stream()
				.filter((each) -> each.name().equals("slow"))
				.findFirst()
				.orElseThrow();
			// Two run, and as many wait here as could be fetched for them.
			assertThat(queue.running()).isBetween(2L, 8L);
			gate.countDown();
			awaitEmpty(one);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void argumentsThatNoLongerFitAreKeptAndBlockNothing(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<Order> job = one.register(sees("order", Order.class));
			Order order = new Order("a", LocalDate.EPOCH, Map.of(), "x");
			one.store.spawn(job, order);
			JdbcTemplate jdbc = new JdbcTemplate(one.dataSource);
			byte[] data = jdbc.queryForObject("select task_data from background_jobs", byte[].class);
			String changed = new String(Objects.requireNonNull(data), StandardCharsets.UTF_8).replace("1970-01-01",
					"someday");
			jdbc.update("update background_jobs set task_data = ?", changed.getBytes(StandardCharsets.UTF_8));
			one.store.spawn(job, order);
			one.start();
			assertThat(next()).isEqualTo(order);
			Awaitility.await().until(() -> one.store.failed(null, 10).size() == 1);
			assertThat(one.store.failed(null, 10).get(0).failure()).contains("no " + Order.class.getTypeName());
			assertThat(new String(
					Objects.requireNonNull(jdbc.queryForObject("select task_data from background_jobs", byte[].class)),
					StandardCharsets.UTF_8))
				.contains("someday");
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatIsNoPayloadIsKeptToo(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<String> job = one.register(sees("text", String.class));
			one.store.spawn(job, "broken");
			new JdbcTemplate(one.dataSource).update("update background_jobs set task_data = ?", new byte[] { 1, 2 });
			one.store.spawn(job, "whole");
			one.start();
			assertThat(next()).isEqualTo("whole");
			Awaitility.await().until(() -> one.store.failed(null, 10).size() == 1);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void anInstanceLeavesJobsThatItDoesNotKnow(TestDatabase database) throws Exception {
		try (StoreFixture old = new StoreFixture(database.open())) {
			DurableJob<String> known = old.register(sees("known", String.class));
			StoreFixture other = new StoreFixture(old.dataSource, "two", (builder) -> {
			});
			DurableJob<String> unknown = other.register(sees("unknown", String.class));
			other.store.spawn(unknown, "left");
			old.start();
			old.store.spawn(known, "taken");
			assertThat(next()).isEqualTo("taken");
			Awaitility.await()
				.until(() -> old.store.queues()
					.equals(List
						.of(new DurableQueue("unknown", false, 1, 0, 0, 0, old.store.queues().get(0).oldestDue()))));
			other.start();
			assertThat(next()).isEqualTo("left");
			other.stop();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void whatCannotBeStoredIsRefusedAtTheSpawn(TestDatabase database) {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<String> job = one.register(sees("text", String.class));
			DurableJob<Thread> thread = DurableJob.of(JobOptions.named("thread"), Thread.class, (value, context) -> {
			});
			one.register(thread);
			assertThatIllegalArgumentException().isThrownBy(() -> one.store.spawn(job, "x".repeat(70_000)))
				.withMessageContaining("max-payload-size");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> one.store.spawn(sees("nowhere", String.class), "text"))
				.withMessageContaining("nowhere");
			assertThat(one.store.queues()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void aDeadInstancesJobIsTakenOver(TestDatabase database) throws Exception {
		try (StoreFixture one = new StoreFixture(database.open())) {
			DurableJob<String> job = one.register(sees("text", String.class));
			one.store.spawn(job, "orphan");
			JdbcTemplate jdbc = new JdbcTemplate(one.dataSource);
			jdbc.update("update background_jobs set picked = true, picked_by = 'dead', "
					+ "last_heartbeat = current_timestamp - interval '1' hour");
			one.start();
			assertThat(next()).isEqualTo("orphan");
			awaitEmpty(one);
		}
	}

	@ParameterizedTest
	@EnumSource(TestDatabase.class)
	void inATransactionOfAnotherDatabaseAJobIsThereAtOnce(TestDatabase database) throws Exception {
		HikariDataSource created = database.open();
		HikariDataSource quiet = TestDatabase.connect(created.getJdbcUrl());
		quiet.setAutoCommit(false);
		try (created; StoreFixture one = new StoreFixture(quiet); HikariDataSource other = database.openEmpty()) {
			DurableJob<String> job = one.register(sees("text", String.class));
			one.start();
			new TransactionTemplate(new JdbcTransactionManager(other)).executeWithoutResult((status) -> {
				one.store.spawn(job, "elsewhere");
				status.setRollbackOnly();
			});
			assertThat(next()).isEqualTo("elsewhere");
			one.store.spawn(job, "nowhere");
			assertThat(next()).isEqualTo("nowhere");
			awaitEmpty(one);
		}
	}

	private <P> DurableJob<P> sees(String name, Class<P> type) {
		return DurableJob.of(JobOptions.named(name), type, (payload, context) -> this.seen.add(payload));
	}

	private Object next() throws InterruptedException {
		Object next = this.seen.poll(20, TimeUnit.SECONDS);
		assertThat(next).as("what ran next").isNotNull();
		return Objects.requireNonNull(next);
	}

	private static void awaitEmpty(StoreFixture one) {
		Awaitility.await().until(() -> one.store.queues().isEmpty());
	}

	record Order(String id, LocalDate date, Map<String, List<Integer>> lines, @Nullable String note) {
	}

}
