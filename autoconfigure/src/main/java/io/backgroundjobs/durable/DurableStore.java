package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobKey;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.engine.ClusterJobs;
import io.backgroundjobs.engine.ClusterSeat;
import io.backgroundjobs.engine.ClusterWork;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Keeps jobs in a database until they have run, on db-scheduler. Nothing is asked of the
 * database before a kind of job is registered. Thread-safe.
 *
 * @since 1.0.0
 */
public final class DurableStore implements JobStore, ClusterJobs, DurableJobs {

	private final DataSource dataSource;

	private final LazyDatabase database;

	private final CurrentRuntime runtime = new CurrentRuntime();

	private final JobEngine engine;

	private final DurableSettings settings;

	private final Clock clock;

	private final PayloadCodec codec;

	private final DatabaseWatch watch;

	private final Intake intake;

	private final StoredJobTasks jobTasks;

	private final PeriodicRows periodicRows;

	private final PeriodicSeats periodicSeats;

	/** Told by the managers of the application's transactions. */
	private final TransactionProgress progress;

	private final Map<String, StoredJobType> types = new ConcurrentHashMap<>();

	/** Whether jobs are to be fetched as soon as there are any. */
	private volatile boolean fetches;

	/**
	 * Create the store.
	 * @param dataSource the database
	 * @param engine where the jobs run
	 * @param mapper reads and writes the arguments
	 * @param settings how the jobs are kept
	 * @param progress told by whatever manages the application's transactions
	 * @param clock the wall clock
	 */
	public DurableStore(DataSource dataSource, JobEngine engine, JsonMapper mapper, DurableSettings settings,
			TransactionProgress progress, Clock clock) {
		this.dataSource = dataSource;
		this.database = new LazyDatabase(dataSource, settings.table());
		this.engine = engine;
		this.settings = settings;
		this.progress = progress;
		this.clock = clock;
		this.codec = new PayloadCodec(mapper, settings.maxPayloadSize());
		this.watch = new DatabaseWatch(dataSource, settings.heartbeatInterval(), clock);
		this.intake = new Intake(engine, this.runtime::look,
				(delay) -> this.runtime.lookAt(this.clock.instant().plus(delay)));
		RowEndings endings = new RowEndings(this.codec, this.watch, clock);
		this.jobTasks = new StoredJobTasks(engine, this.codec, this.intake, endings, clock);
		this.periodicRows = new PeriodicRows(this.intake, endings);
		this.periodicSeats = new PeriodicSeats(dataSource, this.database, settings, this.runtime, this.watch,
				this.intake, this.periodicRows, clock);
	}

	@Override
	public void register(StoredJobType type) {
		this.codec.check(type);
		StoredJobOptions.check(type);
		requirePool(type);
		// Also where nothing was fetched so far: nobody would begin to.
		if (this.fetches) {
			throw new JobConfigurationException(type.declaredAt() + " comes after durable jobs have been started",
					"Declare it in the context that has the scheduler, as a bean that is not made later.");
		}
		StoredJobType other = this.types.putIfAbsent(type.name(), type);
		if (other != null) {
			throw new JobConfigurationException(
					type.declaredAt() + " and " + other.declaredAt() + " are both durable and named '" + type.name()
							+ "'",
					"Give one of them another name: it is by its name that an instance knows what to run.");
		}
	}

	private void requirePool(StoredJobType type) {
		try {
			this.engine.poolOf(type.options());
		}
		catch (JobConfigurationException ex) {
			throw new JobConfigurationException(ex.getMessage() + ". It was declared by " + type.declaredAt(),
					ex.action(), ex);
		}
	}

	/**
	 * Whether there is anything to run.
	 */
	private boolean isNeeded() {
		return !this.types.isEmpty() || !this.periodicRows.isEmpty();
	}

	@Override
	public <P extends @Nullable Object> StoredJob spawn(DurableJob<P> job, P payload) {
		List<@Nullable Object> arguments = new ArrayList<>(1);
		arguments.add(payload);
		return spawn(job.options(), arguments);
	}

	@Override
	public StoredJob spawn(JobOptions options, List<@Nullable Object> arguments) {
		StoredJobType type = this.types.get(options.name());
		if (type == null) {
			throw new IllegalArgumentException("There is no durable job '" + options.name()
					+ "'. Declare it as a bean of type DurableJob, or with @BackgroundJob(durable = true)");
		}
		Instant now = this.clock.instant();
		JobKey key = StoredJobOptions.key(options);
		String id = UUID.randomUUID().toString();
		Payload payload = Payload.create(id, now, (key != null) ? key.value() : null, this.codec.write(type, arguments),
				this.engine.portableContext());
		byte[] bytes = this.codec.bytes(type.name(), payload);
		String instance = (key != null) ? Rows.instance(key) : id;
		Instant due = now.plus(options.delay());
		TaskInstance<byte[]> row = Rows.row(type.name(), instance, bytes, options.priority());
		return this.database.asking("keep the durable job '" + type.name() + "'", () -> {
			if (enqueuing().enqueue(row, due, key != null)) {
				JobState state = due.isAfter(now) ? JobState.SCHEDULED : JobState.PENDING;
				return new StoredJob(type.name(), instance, id, state, now, due, 0, null, null, null);
			}
			return duplicate(options, instance);
		});
	}

	private StoredJob duplicate(JobOptions options, String instance) {
		Optional<StoredJob> existing = rows().find(options.name(), instance);
		if (existing.isPresent() && options.key() instanceof JobKey.Unique unique
				&& unique.onDuplicate() == OnDuplicate.RETURN_EXISTING) {
			return existing.get();
		}
		throw new JobRejectedException(RejectionReason.DUPLICATE, this.engine.poolOf(options), "The durable job '"
				+ options.name() + "' was rejected: one with the same key has not ended, '" + instance + "'");
	}

	@Override
	public Optional<StoredJob> find(String name, String instance) {
		return this.database.asking("find a durable job", () -> rows().find(name, instance));
	}

	@Override
	public List<StoredJob> failed(@Nullable String name, int limit) {
		if (!isNeeded()) {
			return List.of();
		}
		return this.database.asking("list the failed durable jobs", () -> rows().failed(name, limit));
	}

	@Override
	public List<DurableQueue> queues() {
		if (!isNeeded()) {
			return List.of();
		}
		return this.database.asking("count the durable jobs", () -> rows().queues(this.types::containsKey));
	}

	@Override
	public boolean cancel(String name, String instance) {
		StoredJob job = find(name, instance).orElse(null);
		if (job == null || job.state() == JobState.FAILED) {
			return false;
		}
		if (job.state() == JobState.RUNNING) {
			return this.engine.find(job.id()).map(Job::cancel).orElse(false);
		}
		return this.database.asking("cancel a durable job", () -> rows().remove(TaskInstanceId.of(name, instance)));
	}

	@Override
	public boolean retry(String name, String instance) {
		boolean due = this.database.asking("retry a durable job", () -> rows().retry(name, instance));
		if (due) {
			lookAfterCommit();
		}
		return due;
	}

	@Override
	public boolean delete(String name, String instance) {
		return this.database.asking("delete a durable job", () -> rows().delete(name, instance));
	}

	@Override
	public @Nullable Instant unavailableSince() {
		return this.watch.unavailableSince();
	}

	/**
	 * Begin to run jobs, or go on with that. Where there is nothing to run, the database
	 * is left alone until there is.
	 * @throws JobConfigurationException if the database has no table for them
	 */
	public synchronized void start() {
		this.fetches = true;
		DurableRuntime current = this.runtime.get();
		if (current != null) {
			current.release();
		}
		else if (isNeeded()) {
			begin();
		}
	}

	private void begin() {
		Database found = this.database.get();
		this.types.values().forEach((type) -> this.intake.add(type.name(), this.engine.poolOf(type.options())));
		List<Task<?>> tasks = new ArrayList<>();
		this.types.values().forEach((type) -> tasks.add(this.jobTasks.task(type)));
		tasks.add(this.periodicRows.task());
		this.periodicSeats.prepareAll();
		this.watch.open();
		Arrivals arrivals = new Arrivals(this.runtime::look, this.runtime::failed);
		DurableRuntime started = new DurableRuntime(this.dataSource, tasks, this.settings,
				new FetchQueries(found.dialect(), found.locksAndFetches(), arrivals, this.intake), this.watch, arrivals,
				this.clock);
		// Before it starts: what the first jobs ask for must reach it.
		this.runtime.set(started);
		started.start();
	}

	/**
	 * Take no more jobs out of the database. Those that have been taken go on.
	 */
	public synchronized void hold() {
		this.fetches = false;
		DurableRuntime current = this.runtime.get();
		if (current != null) {
			current.hold();
		}
	}

	/**
	 * Stop everything, once what has been triggered and has ended is written down. Jobs
	 * that still run are left to other instances.
	 */
	public synchronized void stop() {
		this.fetches = false;
		DurableRuntime current = this.runtime.get();
		this.runtime.set(null);
		if (current != null) {
			current.hold();
			this.periodicSeats.awaitNoHolds(this.settings.stopTimeout());
			this.watch.close();
			current.stop();
		}
	}

	/**
	 * Whether it has been started and not stopped.
	 * @return whether it runs
	 */
	public boolean isRunning() {
		return this.runtime.get() != null;
	}

	@Override
	public ClusterSeat join(ClusterWork work) {
		ClusterSeat seat = this.periodicSeats.join(work);
		synchronized (this) {
			if (this.fetches && this.runtime.get() == null) {
				// Until now there was nothing to fetch.
				begin();
			}
		}
		return seat;
	}

	private void lookAfterCommit() {
		if (!TransactionSynchronizationManager.isSynchronizationActive()) {
			this.runtime.look();
			return;
		}
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				DurableStore.this.runtime.look();
			}

		});
	}

	private Enqueuing enqueuing() {
		return new Enqueuing(this.dataSource, this.database.get(), this.progress, this.runtime::lookAt);
	}

	private StoredRows rows() {
		Database found = this.database.get();
		return new StoredRows(found.client(), this.dataSource, found.dialect(), this.settings.table(), this.codec,
				this.clock);
	}

}
