package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

import io.backgroundjobs.BackgroundTask;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobLoop;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.Admissions.State;

/**
 * The scheduler of one process.
 */
final class LocalJobEngine implements JobEngine {

	private final Map<String, Pool> pools = new LinkedHashMap<>();

	private final Admissions admissions = new Admissions();

	private final Surroundings surroundings;

	private final Drain drain;

	private final Spawning spawning;

	private final PeriodicRegistry periodic;

	private final Outside callers;

	private final TargetExecutors executors;

	private final List<Venue> venues = new ArrayList<>();

	private final PoolResources resources;

	private final Duration closeTimeout;

	private final boolean mayTick;

	private final Set<LoopTask> loops = ConcurrentHashMap.newKeySet();

	/** Held while the scheduler starts or stops; taken before any other lock. */
	private final ReentrantLock lifecycle = new ReentrantLock();

	private volatile CountDownLatch closed = new CountDownLatch(0);

	private volatile ShutdownReport lastReport = new ShutdownReport(Instant.EPOCH, Duration.ZERO, List.of());

	LocalJobEngine(JobEngineBuilder settings) {
		EngineClock clock = (settings.clock != null) ? settings.clock
				: new TaskSchedulerClock(settings.taskScheduler, settings.keepAlive);
		this.closeTimeout = settings.closeTimeout;
		this.mayTick = settings.ticking;
		this.drain = new Drain(this.admissions, clock, new Drain.Bounds(Waiting.nanos(settings.waitTimeout),
				Waiting.nanos(settings.shieldTimeout), Waiting.nanos(settings.closeTimeout)));
		this.surroundings = new Surroundings(clock, new JobIds(),
				new Turns(settings.listeners, settings.recorders, settings.exceptionHandlers),
				new Contexts(settings.propagators), new Couriers(settings.keepAlive), new History(settings.historySize),
				this.drain, Waiting.nanos(settings.closeTimeout));
		settings.pools.forEach((name, spec) -> this.pools.put(name, new Pool(spec, this.admissions,
				WorkerThreads.of(spec, settings.preferVirtualThreads), settings.keepAlive, clock)));
		this.callers = new Outside("caller", this.admissions);
		this.executors = new TargetExecutors(this.admissions, this.surroundings.couriers());
		this.venues.addAll(this.pools.values());
		this.venues.add(this.callers);
		this.venues.add(this.executors);
		this.spawning = new Spawning(this.surroundings, this.pools, settings.overrides, settings.commitHook);
		this.periodic = new PeriodicRegistry(this.surroundings, this.spawning, this.executors, settings,
				instance(settings, this.surroundings.ids()));
		settings.resources.forEach((resource) -> this.spawning.pool(resource.pool()));
		this.resources = new PoolResources(settings.resources);
	}

	@Override
	public Job<@Nullable Void> spawn(String name, Runnable body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, name, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(String name, Callable<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, name, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(String name, JobBody<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, name, body));
	}

	@Override
	public Job<@Nullable Void> spawn(JobOptions options, Runnable body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, options, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(JobOptions options, Callable<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, options, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(JobOptions options, JobBody<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, options, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawnAsync(JobOptions options,
			JobBody<? extends CompletionStage<T>> body) {
		return spawnAsync(JobKind.SPAWNED, options, body);
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(JobKind kind, JobOptions options, JobBody<T> body) {
		return cast(this.spawning.spawn(kind, options, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawnAsync(JobKind kind, JobOptions options,
			JobBody<? extends CompletionStage<T>> body) {
		return cast(this.spawning.spawn(kind, options, new StageBody(body)));
	}

	@Override
	public <T extends @Nullable Object> Optional<Job<T>> trySpawn(JobOptions options, JobBody<T> body) {
		try {
			return Optional.of(cast(this.spawning.trySpawn(options, body)));
		}
		catch (JobRejectedException ex) {
			return Optional.empty();
		}
	}

	@Override
	public <T extends @Nullable Object> T run(JobOptions options, JobBody<T> body) throws InterruptedException {
		NonBlockingThreads.requireMayBlock();
		try (Lending lending = Lending.begin()) {
			// Linked before the job can end, so that its failure is taken whenever it
			// comes.
			Waiter waiter = new Waiter();
			JobRun<T> run = (JobRun<T>) LocalJobEngine.<T>cast(this.spawning.spawn(options, body, waiter));
			return Waiting.await(run, waiter);
		}
	}

	@Override
	public <T extends @Nullable Object> T runHere(JobOptions options, JobBody<T> body) throws Exception {
		JobRun<T> run = here(options, body);
		Throwable failure = run.failure();
		if (failure != null) {
			rethrow(failure);
		}
		return Waiting.result(run);
	}

	@Override
	public <T extends @Nullable Object> Job<T> startHere(JobOptions options, JobBody<? extends CompletionStage<T>> body)
			throws Exception {
		JobRun<T> run = here(options, new StageBody(body));
		Throwable failure = run.failure();
		if (failure != null) {
			rethrow(failure);
		}
		return run;
	}

	@Override
	public PeriodicJobHandle addPeriodic(PeriodicJobSpec spec, JobBody<?> body) {
		return this.periodic.add(spec, body);
	}

	@Override
	public Optional<PeriodicJobHandle> findPeriodic(String name) {
		return Optional.ofNullable(this.periodic.find(name));
	}

	@Override
	public Collection<PeriodicJobHandle> periodicJobs() {
		return new ArrayList<>(this.periodic.all());
	}

	@Override
	public void removeAllPeriodic() {
		this.periodic.all().forEach(PeriodicRegistration::remove);
	}

	@Override
	public BackgroundTask background(JobOptions options, JobLoop loop) {
		if (options.key() != null) {
			throw new JobConfigurationException(
					"The background task '" + options.name() + "' has the key '" + options.key().value() + "'",
					"A background task has no key: close the one before.");
		}
		LoopTask task = new LoopTask(options.name(), this.closeTimeout, this.loops);
		JobBody<@Nullable Void> body = (job) -> {
			loop.run(job);
			return null;
		};
		this.loops.add(task);
		try {
			this.spawning.spawn(options, body, task);
		}
		catch (RuntimeException ex) {
			this.loops.remove(task);
			throw ex;
		}
		return task;
	}

	@Override
	public Collection<Job<?>> jobs() {
		List<Job<?>> jobs = new ArrayList<>();
		forEachLive(jobs::add);
		return jobs;
	}

	@Override
	public Optional<Job<?>> find(String id) {
		if (!id.startsWith(this.surroundings.ids().prefix())) {
			return Optional.empty();
		}
		List<Job<?>> found = new ArrayList<>();
		forEachLive((run) -> {
			if (run.id().equals(id)) {
				found.add(run);
			}
		});
		return found.isEmpty() ? Optional.ofNullable(this.surroundings.history().find(id)) : Optional.of(found.get(0));
	}

	@Override
	public Collection<Job<?>> history() {
		return this.surroundings.history().latestFirst();
	}

	@Override
	public Collection<PoolSnapshot> pools() {
		return this.pools.values().stream().map(Pool::snapshot).toList();
	}

	@Override
	public void resizePool(String pool, int limit) {
		this.spawning.pool(pool).resize(PoolSpec.named(pool).withLimit(limit).limit());
	}

	@Override
	public void pausePool(String pool) {
		this.spawning.pool(pool).pause(true);
	}

	@Override
	public void resumePool(String pool) {
		this.spawning.pool(pool).pause(false);
	}

	@Override
	public int cancelAll(String pool) {
		int cancelled = 0;
		for (JobRun<?> run : this.spawning.pool(pool).live()) {
			if (run.cancel()) {
				cancelled++;
			}
		}
		return cancelled;
	}

	@Override
	public AsyncTaskExecutor asTaskExecutor(String pool) {
		return new PoolTaskExecutor(this, this.spawning.pool(pool).name());
	}

	@Override
	public void open() {
		this.lifecycle.lock();
		try {
			if (isRunning()) {
				return;
			}
			this.resources.open();
			this.surroundings.clock().start();
			this.surroundings.couriers().retain();
			this.pools.values().forEach(Pool::open);
			this.closed = new CountDownLatch(1);
			this.admissions.state(State.OPEN);
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	@Override
	public void startTicking() {
		if (this.mayTick) {
			this.periodic.startTicking();
		}
	}

	@Override
	public void stopTicking() {
		this.periodic.stopTicking();
	}

	@Override
	public boolean isTicking() {
		return this.periodic.isTicking();
	}

	@Override
	public void hold() {
		this.pools.values().forEach((pool) -> pool.hold(true));
	}

	@Override
	public void release() {
		this.pools.values().forEach((pool) -> pool.hold(false));
	}

	@Override
	public boolean isIdle() {
		// The venues are looked at one after the other: only if nothing was begun
		// meanwhile
		// do the looks add up to one.
		long begun = this.surroundings.ids().last() + this.surroundings.couriers().sent();
		return this.surroundings.couriers().isIdle() && this.venues.stream().allMatch(Venue::isIdle)
				&& begun == this.surroundings.ids().last() + this.surroundings.couriers().sent();
	}

	@Override
	public void start() {
		open();
		startTicking();
	}

	@Override
	public ShutdownReport stop() {
		stopTicking();
		// Before the lock: whoever drains must not wait for us while we wait for it.
		this.drain.addCaller();
		this.lifecycle.lock();
		try {
			if (!isRunning()) {
				this.drain.forgetCallers();
				return this.lastReport;
			}
			ShutdownReport report = this.drain.drain(this.venues, this.loops);
			this.pools.values().forEach(Pool::terminate);
			this.surroundings.couriers().dismiss();
			this.surroundings.clock().stop();
			this.spawning.keys().clear();
			this.resources.close();
			this.lastReport = report;
			ShutdownLog.write(report);
			this.closed.countDown();
			return report;
		}
		finally {
			this.lifecycle.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		return this.admissions.state() == State.OPEN;
	}

	@Override
	public void awaitShutdown() throws InterruptedException {
		this.closed.await();
	}

	/**
	 * Return how many keys are held.
	 */
	int heldKeys() {
		return this.spawning.keys().size();
	}

	private void forEachLive(Consumer<JobRun<?>> action) {
		for (Venue venue : this.venues) {
			venue.live().stream().filter((run) -> !Phase.isEnded(run.phase())).forEach(action);
		}
	}

	private <T extends @Nullable Object> JobRun<T> here(JobOptions options, Object body) {
		if (options.retry() != null) {
			throw new JobConfigurationException(
					"Job '" + options.name() + "' runs on its caller's thread and has a retry policy",
					"Leave the policy out: the caller gets the failure, and may call again.");
		}
		JobRun<T> run = new JobRun<>(this.surroundings, this.callers, JobKind.SPAWNED, options.name(), options, body);
		run.captured = this.surroundings.contexts().capture();
		run.extras().failureTaken = true;
		RejectionReason refusal = this.callers.enter(run);
		if (refusal != null) {
			String why = (refusal == RejectionReason.NOT_STARTED) ? "the scheduler has not been started"
					: "the scheduler is shutting down";
			throw this.spawning.rejected(refusal, this.callers, "Job '" + options.name() + "' was rejected: " + why);
		}
		Attempt.carryOut(run);
		return run;
	}

	private static String instance(JobEngineBuilder settings, JobIds ids) {
		if (settings.instance != null) {
			return settings.instance;
		}
		String host = System.getenv("HOSTNAME");
		return (host != null) ? host : ids.prefix();
	}

	@SuppressWarnings("unchecked")
	private static <T extends @Nullable Object> Job<T> cast(Job<?> job) {
		return (Job<T>) job;
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void rethrow(Throwable failure) throws E {
		throw (E) failure;
	}

}
