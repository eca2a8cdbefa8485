package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

import io.backgroundjobs.BackgroundTask;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobLoop;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.Admissions.State;

/**
 * The scheduler of one process.
 */
final class LocalJobEngine extends LocalSpawner {

	private final Map<String, Pool> pools;

	private final List<Venue> venues;

	private final Admissions admissions;

	private final Surroundings surroundings;

	private final Drain drain;

	private final Spawning spawning;

	private final PeriodicRegistry periodic;

	private final PoolResources resources;

	private final Duration closeTimeout;

	private final int historySize;

	private final boolean mayTick;

	private final Set<LoopTask> loops = ConcurrentHashMap.newKeySet();

	private final List<Consumer<String>> poolWatchers = new CopyOnWriteArrayList<>();

	/** Held while the scheduler starts or stops; taken before any other lock. */
	private final ReentrantLock lifecycle = new ReentrantLock();

	private volatile CountDownLatch closed = new CountDownLatch(0);

	/** How often it was opened. */
	private final AtomicInteger opened = new AtomicInteger();

	private volatile ShutdownReport lastReport = new ShutdownReport(Instant.EPOCH, Duration.ZERO, List.of());

	LocalJobEngine(JobEngineBuilder settings) {
		this(settings, EngineParts.of(settings));
	}

	private LocalJobEngine(JobEngineBuilder settings, EngineParts parts) {
		super(parts.surroundings(), parts.spawning(), parts.callers());
		this.pools = parts.pools();
		this.venues = parts.venues();
		this.admissions = parts.admissions();
		this.surroundings = parts.surroundings();
		this.drain = parts.drain();
		this.spawning = parts.spawning();
		this.closeTimeout = settings.closeTimeout;
		this.historySize = settings.historySize;
		this.mayTick = settings.ticking;
		this.periodic = new PeriodicRegistry(this.surroundings, this.spawning, parts.executors(), settings,
				instance(settings, this.surroundings.ids()));
		settings.resources.forEach((resource) -> this.spawning.pool(resource.pool()));
		this.resources = new PoolResources(settings.resources);
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
		this.periodic.all().forEach(RegisteredJob::remove);
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
		List<JobRun<?>> found = new ArrayList<>();
		forEachLive((run) -> {
			if (run.id().equals(id)) {
				found.add(run);
			}
		});
		return Stream.concat(found.stream(), latest().stream().filter((run) -> run.id().equals(id)))
			.<Job<?>>map((run) -> run)
			.findFirst();
	}

	@Override
	public Collection<Job<?>> history() {
		List<Job<?>> jobs = new ArrayList<>(latest());
		jobs.removeIf((job) -> !job.state().isEnded());
		return jobs;
	}

	@Override
	public Collection<Job<?>> overrunning() {
		List<Job<?>> jobs = new ArrayList<>();
		this.venues.forEach((venue) -> jobs.addAll(venue.leftBehind()));
		return jobs;
	}

	@Override
	public Collection<PoolSnapshot> pools() {
		return this.pools.values().stream().map(Pool::snapshot).toList();
	}

	@Override
	public void resizePool(String pool, int limit) {
		this.spawning.pool(pool).resize(PoolSpec.named(pool).withLimit(limit).limit());
		changed(pool);
	}

	@Override
	public void pausePool(String pool) {
		pausePool(pool, null, null);
	}

	@Override
	public void pausePool(String pool, @Nullable String by, @Nullable String text) {
		note(pool, true, by, text);
	}

	@Override
	public void resumePool(String pool) {
		resumePool(pool, null, null);
	}

	@Override
	public void resumePool(String pool, @Nullable String by, @Nullable String text) {
		note(pool, false, by, text);
	}

	private void note(String pool, boolean pauses, @Nullable String by, @Nullable String text) {
		EngineClock clock = this.surroundings.clock();
		this.spawning.pool(pool).pause(new PauseNote(pauses, clock.instant(), by, text), clock.nanoTime());
		changed(pool);
	}

	@Override
	public void whenPoolChanges(Consumer<String> watcher) {
		this.poolWatchers.add(watcher);
	}

	private void changed(String pool) {
		this.poolWatchers.forEach((watcher) -> watcher.accept(pool));
	}

	@Override
	public @Nullable PauseNote poolPauseNote(String pool) {
		return this.spawning.pool(pool).pauseNote();
	}

	@Override
	public @Nullable Instant poolWaitingSince(String pool) {
		EngineClock clock = this.surroundings.clock();
		long waited = this.spawning.pool(pool).waited(clock.nanoTime());
		return (waited >= 0) ? clock.instant().minusNanos(waited) : null;
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
			this.opened.incrementAndGet();
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
		if (this.drain.isStopping()) {
			// A stop that came in between has stopped nothing.
			stopTicking();
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
		hold(true);
	}

	@Override
	public void release() {
		hold(false);
	}

	private void hold(boolean holds) {
		this.pools.forEach((name, pool) -> {
			pool.hold(holds, this.surroundings.clock().nanoTime());
			changed(name);
		});
	}

	@Override
	public boolean isIdle() {
		// The venues are looked at one after the other: the looks add up to one
		// only if nothing was begun meanwhile.
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
		int stopped = this.opened.get();
		stopTicking();
		// Before the lock: whoever drains must not wait for us while we wait for it.
		this.drain.addCaller();
		this.lifecycle.lock();
		try {
			// Somebody else may have stopped it, and even have started it again.
			if (isRunning() && stopped == this.opened.get()) {
				try {
					this.lastReport = this.drain.drain(this.venues, this.loops);
					ShutdownLog.write(this.lastReport);
				}
				finally {
					letGo();
				}
			}
			return this.lastReport;
		}
		finally {
			this.drain.forgetCallers();
			this.lifecycle.unlock();
		}
	}

	/**
	 * Let go of everything after the drain.
	 */
	private void letGo() {
		// A start that came in between may have set it going again.
		stopTicking();
		this.pools.values().forEach(Pool::terminate);
		this.surroundings.couriers().dismiss();
		this.surroundings.clock().stop();
		this.spawning.keys().clear();
		this.resources.close();
		this.closed.countDown();
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

	private List<JobRun<?>> latest() {
		List<JobRun<?>> runs = new ArrayList<>();
		this.venues.forEach((venue) -> venue.addHistory(runs));
		runs.sort((one, other) -> Long.signum(other.endedNanos() - one.endedNanos()));
		return runs.subList(0, Math.min(this.historySize, runs.size()));
	}

	private void forEachLive(Consumer<JobRun<?>> action) {
		for (Venue venue : this.venues) {
			venue.live().stream().filter((run) -> !Phase.isEnded(run.phase())).forEach(action);
		}
	}

	private static String instance(JobEngineBuilder settings, JobIds ids) {
		if (settings.instance != null) {
			return settings.instance;
		}
		String host = System.getenv("HOSTNAME");
		return (host != null) ? host : ids.prefix();
	}

}
