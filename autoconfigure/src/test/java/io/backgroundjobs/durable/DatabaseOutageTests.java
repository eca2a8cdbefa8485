package io.backgroundjobs.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.JobStoreException;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A database that goes away for a while.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseOutageTests {

	@Test
	void workResumesByItselfAndNothingRunsTwice(CapturedOutput output) throws Exception {
		try (HikariDataSource dataSource = TestDatabase.H2.open()) {
			Switch database = new Switch(dataSource);
			StoreFixture one = new StoreFixture(database, "one", (builder) -> {
			});
			AtomicInteger runs = new AtomicInteger();
			CountDownLatch entered = new CountDownLatch(1);
			CountDownLatch gate = new CountDownLatch(1);
			DurableJob<String> job = one
				.register(DurableJob.of(JobOptions.named("text"), String.class, (text, context) -> {
					runs.incrementAndGet();
					entered.countDown();
					gate.await();
				}));
			PeriodicJobHandle shared = one.engine.addPeriodic(
					PeriodicJobSpec.named("shared").scope(JobScope.CLUSTER).every(Duration.ofMillis(100)), () -> {
					});
			one.start();
			one.store.spawn(job, "text");
			assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
			int linesBefore = lines(output);
			database.isOff = true;
			Awaitility.await().until(() -> one.store.unavailableSince() != null);
			// Ends while nobody can write that down.
			gate.countDown();
			assertThatExceptionOfType(JobStoreException.class).isThrownBy(() -> one.store.spawn(job, "lost"));
			assertThat(one.engine.spawn("in-memory", () -> "done").await()).isEqualTo("done");
			Awaitility.await()
				.during(Duration.ofSeconds(5))
				.atMost(Duration.ofSeconds(10))
				.until(() -> one.store.unavailableSince() != null);
			// One for the outage, and what was under way when it began.
			assertThat(lines(output) - linesBefore).isLessThan(6);
			long missed = shared.ticks().get(TickResult.MISSED);
			database.isOff = false;
			Awaitility.await().until(() -> one.store.unavailableSince() == null);
			Awaitility.await().until(() -> one.store.queues().isEmpty());
			assertThat(runs).hasValue(1);
			Awaitility.await().until(() -> shared.ticks().get(TickResult.MISSED) > missed + 30);
			one.store.spawn(job, "after");
			Awaitility.await().until(() -> runs.get() == 2);
			one.stop();
		}
	}

	/**
	 * As one that has become a replica which can only be read.
	 */
	@Test
	void whatCannotBeTakenIsLookedForInASecondAndNotAtOnce(CapturedOutput output) throws Exception {
		try (HikariDataSource owner = TestDatabase.H2.open()) {
			JdbcTemplate rights = new JdbcTemplate(owner);
			rights.execute("create user reader password 'reader'");
			rights.execute("grant select, insert on background_jobs to reader");
			// Settings in the URL are for the owner alone.
			HikariDataSource reader = TestDatabase.connect(owner.getJdbcUrl().replaceFirst(";.*", ""));
			reader.setUsername("reader");
			reader.setPassword("reader");
			CountDownLatch ran = new CountDownLatch(3);
			try (StoreFixture one = new StoreFixture(reader, "one",
					(builder) -> builder.pool(PoolSpec.named("work").withLimit(1)))) {
				DurableJob<String> job = one.register(DurableJob.of(JobOptions.named("text").pool("work"), String.class,
						(text, context) -> ran.countDown()));
				one.start();
				for (int i = 0; i < 3; i++) {
					one.store.spawn(job, "text");
				}
				assertThat(ran.await(3, TimeUnit.SECONDS)).isFalse();
				rights.execute("grant update, delete on background_jobs to reader");
				assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
			}
			// Once for each spawn at most, and then once a second.
			assertThat(output.toString().split("could not be taken")).hasSizeBetween(2, 10);
		}
	}

	/**
	 * Count what the log says of warnings and errors.
	 */
	private static int lines(CapturedOutput output) {
		return (int) output.toString()
			.lines()
			.filter((line) -> line.contains(" WARN ") || line.contains(" ERROR "))
			.count();
	}

	/**
	 * A database that can be switched off.
	 */
	private static final class Switch extends DelegatingDataSource {

		private volatile boolean isOff;

		private Switch(HikariDataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (this.isOff) {
				throw new SQLException("Switched off");
			}
			return Objects.requireNonNull(getTargetDataSource()).getConnection();
		}

	}

}
