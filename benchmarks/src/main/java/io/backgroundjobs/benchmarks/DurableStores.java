package io.backgroundjobs.benchmarks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.benchmarks.DurableDatabase.Connections;
import io.backgroundjobs.durable.DurableSettings;
import io.backgroundjobs.durable.DurableStore;
import io.backgroundjobs.durable.TransactionProgress;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Who keeps jobs in a database: this library, and what it is built upon, used without it.
 */
final class DurableStores {

	private static final String NAME = "arrival";

	private static final String ALIKE = "db-scheduler, polling as we do";

	private static final String DOCUMENTED = "db-scheduler, polling for throughput";

	/** When a job has been done last. */
	private static volatile long arrival;

	private DurableStores() {
	}

	private static void arrive(long number) {
		arrival = System.nanoTime();
		Arrivals.arrive(number);
	}

	/**
	 * Return when a job has been done last.
	 */
	static long lastArrival() {
		return arrival;
	}

	static List<String> contenders(DurableDatabase database) {
		return List.of(Cell.OURS, ALIKE, DOCUMENTED);
	}

	static Store open(String contender, Connections connections) {
		return switch (contender) {
			case Cell.OURS -> new Ours(connections);
			case ALIKE -> new Direct(connections, 0.5, 1.0);
			// Its documentation, for a high throughput.
			case DOCUMENTED ->
				connections.locksAndFetches() ? new Direct(connections, 1.0, 4.0) : new Direct(connections, 0.5, 3.0);
			default -> throw new IllegalArgumentException(contender);
		};
	}

	/**
	 * Keeps jobs, also as part of a transaction.
	 */
	abstract static class Store implements JobStore {

		private final TransactionTemplate transaction;

		Store(Connections connections) {
			this.transaction = new TransactionTemplate(new JdbcTransactionManager(connections.dataSource()));
		}

		@Override
		public abstract void add(long number);

		/**
		 * Add a job in a transaction, and commit that.
		 * @return when the commit began
		 */
		long addInTransaction(long number) {
			Long commit = this.transaction.execute((status) -> {
				add(number);
				return System.nanoTime();
			});
			return (commit != null) ? commit : 0;
		}

		@Override
		public abstract void close();

	}

	private static final class Ours extends Store {

		private final DurableJob<Long> job = DurableJob.of(JobOptions.named(NAME), Long.class,
				(number, context) -> arrive(number));

		private final JobEngine engine = new JobEngineBuilder()
			.pool(PoolSpec.named(PoolSpec.DEFAULT_NAME).withLimit(THREADS))
			.build();

		private final DurableStore store;

		private Ours(Connections connections) {
			super(connections);
			DurableSettings settings = new DurableSettings(DurableDatabase.TABLE, "this", Duration.ofSeconds(10),
					Duration.ofSeconds(4), 64 * 1024, Duration.ofSeconds(1));
			this.store = new DurableStore(connections.dataSource(), this.engine, JsonMapper.builder().build(), settings,
					new TransactionProgress(), Clock.systemUTC());
			this.store.register(
					new StoredJobType(this.job.options(), List.of(this.job.payloadType()), (arguments, context) -> {
						arrive((Long) arguments.get(0));
						return null;
					}, "The benchmark's job"));
			this.engine.start();
			this.store.start();
		}

		@Override
		public void add(long number) {
			this.store.spawn(this.job, number);
		}

		@Override
		public void close() {
			this.store.hold();
			this.engine.close();
			this.store.stop();
		}

	}

	private static final class Direct extends Store {

		private final OneTimeTask<Long> task = Tasks.oneTime(NAME, Long.class)
			.execute((instance, context) -> arrive(instance.getData()));

		private final Scheduler scheduler;

		private Direct(Connections connections, double lower, double upper) {
			super(connections);
			SchedulerBuilder builder = Scheduler
				.create(new TransactionAwareDataSourceProxy(connections.dataSource()), this.task)
				.tableName(DurableDatabase.TABLE)
				.serializer(new JsonSerializer())
				.threads(THREADS)
				.enablePriority()
				.enableImmediateExecution();
			this.scheduler = (connections.locksAndFetches() ? builder.pollUsingLockAndFetch(lower, upper)
					: builder.pollUsingFetch(lower, upper))
				.build();
			this.scheduler.start();
		}

		@Override
		public void add(long number) {
			this.scheduler.schedule(this.task.instance(String.valueOf(number), number), Instant.now());
			if (TransactionSynchronizationManager.isSynchronizationActive()) {
				// Its own look comes before the commit, and finds nothing.
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						Direct.this.scheduler.triggerCheckForDueExecutions();
					}

				});
			}
		}

		@Override
		public void close() {
			this.scheduler.stop();
		}

	}

	/**
	 * By the same library as ours.
	 */
	private static final class JsonSerializer implements Serializer {

		private final JsonMapper mapper = JsonMapper.builder().build();

		@Override
		public byte[] serialize(Object data) {
			return this.mapper.writeValueAsBytes(data);
		}

		@Override
		public <T> T deserialize(Class<T> type, byte[] data) {
			return this.mapper.readValue(data, type);
		}

	}

}
