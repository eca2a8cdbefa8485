package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobKey;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;

/**
 * The way of a spawn: from the caller to a place, a queue, a later time, or a rejection.
 */
final class Spawning {

	private final Surroundings engine;

	private final Map<String, Pool> pools;

	private final Pool defaultPool;

	private final JobOverrides overrides;

	private final CommitHook commitHook;

	private final KeyedJobs keys;

	Spawning(Surroundings engine, Map<String, Pool> pools, JobOverrides overrides, CommitHook commitHook) {
		this.engine = engine;
		this.pools = pools;
		this.defaultPool = pool(PoolSpec.DEFAULT_NAME);
		this.overrides = overrides;
		this.commitHook = commitHook;
		this.keys = new KeyedJobs(engine.clock());
	}

	KeyedJobs keys() {
		return this.keys;
	}

	/**
	 * Find a pool.
	 * @throws JobConfigurationException if there is no such pool
	 */
	Pool pool(String name) {
		Pool pool = this.pools.get(name);
		if (pool == null) {
			throw missing(name, "There is no pool '" + name + "'");
		}
		return pool;
	}

	/**
	 * Spawn with the pool's settings and nothing else.
	 */
	Job<?> spawn(JobKind kind, String name, Object body) {
		if (this.overrides != JobOverrides.NONE) {
			return spawn(kind, JobOptions.named(name), body);
		}
		JobOptions.requireName(name);
		JobRun<?> run = new JobRun<>(this.defaultPool, kind, name, null, body);
		run.captured = this.engine.contexts().capture();
		admit(this.defaultPool, run, Entry.NOW, true);
		accepted(run);
		return run;
	}

	/**
	 * Spawn as the options say.
	 */
	Job<?> spawn(JobKind kind, JobOptions options, Object body) {
		return spawn(kind, options, body, Spawning::leaveAsItIs, true);
	}

	/**
	 * Spawn a background loop.
	 */
	void spawn(JobOptions options, Object body, LoopTask task) {
		spawn(JobKind.BACKGROUND, options, body, (run) -> {
			task.run(run);
			run.extras().owner = task;
		}, true);
	}

	/**
	 * Spawn for a thread that waits for the end from now on, whenever that comes.
	 */
	Job<?> spawn(JobOptions options, Object body, Waiter waiter) {
		return spawn(JobKind.SPAWNED, options, body, (run) -> Waiting.link(run, waiter), true);
	}

	/**
	 * Carry out one attempt of stored work.
	 * @return why not, or {@code null} if it was admitted
	 */
	@Nullable RejectionReason carry(StoredWork work) {
		JobOptions options = this.overrides.apply(work.options());
		Pool pool = poolOf(options);
		return pool.admit(stored(work, pool, options), Entry.TICK, null);
	}

	/**
	 * Make a run of stored work, whose options are those that count.
	 */
	StoredRun stored(StoredWork work, Pool pool, JobOptions options) {
		StoredRun run = new StoredRun(pool, options, work);
		run.captured = this.engine.contexts().extract(work.context());
		return run;
	}

	/**
	 * Find the pool of a job, overrides included.
	 */
	Pool effectivePool(JobOptions options) {
		return poolOf(this.overrides.apply(options));
	}

	/**
	 * Spawn without waiting for room, and without carrying out anything here.
	 */
	Job<?> trySpawn(JobOptions options, Object body) {
		return spawn(JobKind.SPAWNED, options, body, Spawning::leaveAsItIs, false);
	}

	private Job<?> spawn(JobKind kind, JobOptions given, Object body, Consumer<JobRun<?>> prepare, boolean mayWait) {
		JobOptions options = this.overrides.apply(given);
		Pool pool = poolOf(options);
		JobKey key = options.key();
		JobRun<?> duplicate = (key != null && !options.isAfterCommit()) ? this.keys.duplicateOf(options.name(), key)
				: null;
		if (duplicate != null) {
			return duplicate(pool, options, duplicate);
		}
		JobRun<?> run = new JobRun<>(pool, kind, options.name(), options, body);
		run.captured = this.engine.contexts().capture();
		prepare.accept(run);
		if (options.isAfterCommit()) {
			return spawnAfterCommit(pool, run, options, mayWait);
		}
		if (key != null) {
			reserve(pool, run, mayWait);
			return handOver(pool, run, options);
		}
		long delay = Waiting.nanos(options.delay());
		boolean onCaller = admit(pool, run, (delay > 0) ? Entry.DELAYED : Entry.NOW, mayWait);
		if (delay > 0 && !onCaller) {
			Retrying.armOrDrop(run, () -> pool.due(run), delay);
		}
		accepted(run);
		return run;
	}

	private Job<?> spawnAfterCommit(Pool pool, JobRun<?> run, JobOptions options, boolean mayWait) {
		reserve(pool, run, mayWait);
		boolean transaction;
		try {
			transaction = this.commitHook.register(() -> committed(run, options),
					() -> Ending.dropPending(run, "the transaction was rolled back"));
		}
		catch (Throwable ex) {
			Ending.discard(run, "the transaction did not take it");
			throw ex;
		}
		if (!transaction) {
			return handOver(pool, run, options);
		}
		accepted(run);
		return run;
	}

	/**
	 * Let a reserved run have its key, if it has one, and go.
	 */
	private Job<?> handOver(Pool pool, JobRun<?> run, JobOptions options) {
		JobRun<?> duplicate = claim(run, options);
		if (duplicate != null) {
			// Came between our look and our reservation.
			Ending.discard(run, "duplicate of " + duplicate.id());
			return duplicate(pool, options, duplicate);
		}
		accepted(run);
		goOn(run, options);
		return run;
	}

	private @Nullable JobRun<?> claim(JobRun<?> run, JobOptions options) {
		return (options.key() != null) ? this.keys.claim(run, options.key()) : null;
	}

	private void committed(JobRun<?> run, JobOptions options) {
		JobRun<?> duplicate = claim(run, options);
		if (duplicate != null) {
			Ending.dropPending(run, "duplicate of " + duplicate.id());
		}
		else {
			goOn(run, options);
		}
	}

	/**
	 * Let a reserved run go when its time has come.
	 */
	private void goOn(JobRun<?> run, JobOptions options) {
		KeySlot slot = (run.owner() instanceof KeySlot own) ? own : null;
		Runnable due = (slot != null) ? () -> slot.due(run) : () -> run.venue().due(run);
		long delay = Waiting.nanos(options.delay());
		if (slot != null && options.key() instanceof JobKey.Debounce debounce) {
			delay = slot.quiet(debounce, this.engine.clock().nanoTime());
		}
		if (delay > 0) {
			Retrying.armOrDrop(run, due, delay);
		}
		else {
			due.run();
		}
	}

	private Job<?> duplicate(Pool pool, JobOptions options, JobRun<?> live) {
		if (options.key() instanceof JobKey.Unique unique && unique.onDuplicate() == OnDuplicate.RETURN_EXISTING) {
			return live;
		}
		String key = (options.key() != null) ? options.key().value() : "";
		throw rejected(RejectionReason.DUPLICATE, pool, "Job '" + options.name() + "' with key '" + key
				+ "' was rejected: job " + live.id() + " has the same name and key");
	}

	/**
	 * Reserve room. The caller's thread cannot carry out what is not due, so that a full
	 * pool refuses it there.
	 */
	private void reserve(Pool pool, JobRun<?> run, boolean mayWait) {
		admit(pool, run, Entry.RESERVED, mayWait);
	}

	/**
	 * Admit a run as the pool's overflow policy says.
	 * @return whether it was carried out on the calling thread
	 * @throws JobRejectedException if it was not admitted
	 */
	boolean admit(Pool pool, JobRun<?> run, Entry entry, boolean mayWait) {
		RejectionReason refusal = pool.admit(run, entry, null);
		if (refusal == null) {
			return false;
		}
		if (refusal != RejectionReason.FULL || !mayWait || pool.spec().overflow() == OverflowPolicy.REJECT) {
			throw rejected(refusal, pool, run);
		}
		if (NonBlockingThreads.isCurrent()) {
			throw rejected(RejectionReason.WOULD_BLOCK, pool, run);
		}
		// Who waits for shielded work may be interrupted, and the work may not: it
		// cannot be carried out here.
		boolean waitsForShielded = run.isShielded() && run.waiters() != null;
		if (pool.spec().overflow() == OverflowPolicy.BLOCK || waitsForShielded) {
			refusal = block(pool, run, entry);
		}
		else if (entry == Entry.NOW && run.kind() != JobKind.BACKGROUND) {
			// A loop would keep its caller for good.
			refusal = pool.enterOnCaller(run);
			if (refusal == null) {
				Attempt.carryOut(run);
				return true;
			}
		}
		if (refusal != null) {
			throw rejected(refusal, pool, run);
		}
		return false;
	}

	private @Nullable RejectionReason block(Pool pool, JobRun<?> run, Entry entry) {
		BlockedSpawner spawner = new BlockedSpawner(run, entry);
		RejectionReason refusal = pool.admit(run, entry, spawner);
		if (refusal != null) {
			return refusal;
		}
		Duration limit = pool.spec().overflowTimeout();
		EngineClock.Timer timer = this.engine.clock().schedule(() -> {
			if (pool.unblock(spawner)) {
				spawner.resolve(RejectionReason.OVERFLOW_TIMEOUT);
			}
		}, Waiting.nanos(limit));
		try {
			while (!spawner.await()) {
				if (pool.unblock(spawner)) {
					// The flag stays set, for the caller to find out what it is about.
					return RejectionReason.INTERRUPTED;
				}
				spawner.awaitResolved();
			}
			return spawner.refusal();
		}
		finally {
			timer.cancel();
		}
	}

	/**
	 * Find the pool that a job names.
	 * @throws JobConfigurationException if there is no such pool
	 */
	Pool poolOf(JobOptions options) {
		String name = options.pool();
		if (name == null) {
			return this.defaultPool;
		}
		Pool pool = this.pools.get(name);
		if (pool == null) {
			throw missing(name, "Job '" + options.name() + "' names the pool '" + name + "', which does not exist");
		}
		return pool;
	}

	private JobConfigurationException missing(String pool, String what) {
		return new JobConfigurationException(what + "; the pools are " + new TreeSet<>(this.pools.keySet()),
				"Declare it with background-jobs.pools." + pool + ".limit, or with a PoolSpec bean.");
	}

	private static void leaveAsItIs(JobRun<?> run) {
		// most runs need nothing
	}

	/**
	 * Say in words how full a pool is.
	 */
	private static String occupancy(Pool pool) {
		PoolSnapshot now = pool.snapshot();
		return now.active() + " of " + now.limit() + " places are held and " + now.pending() + " of "
				+ now.pendingLimit() + " jobs are pending" + (now.paused() ? "; it is paused" : "");
	}

	private void accepted(JobRun<?> run) {
		if (this.engine.turns().hasListeners()) {
			this.engine.turns().accepted(run);
		}
	}

	private JobRejectedException rejected(RejectionReason reason, Pool pool, JobRun<?> run) {
		String why = switch (reason) {
			case FULL -> "pool '" + pool.name() + "' is full: " + occupancy(pool);
			case OVERFLOW_TIMEOUT -> "pool '" + pool.name() + "' had no room within " + pool.spec().overflowTimeout()
					+ ": " + occupancy(pool);
			case INTERRUPTED -> "its spawner was interrupted while it waited for room in pool '" + pool.name() + "'";
			case WOULD_BLOCK -> "pool '" + pool.name() + "' is full, and thread '" + Thread.currentThread().getName()
					+ "' must not block";
			case NOT_STARTED -> "the scheduler has not been started";
			default -> "the scheduler is shutting down";
		};
		return rejected(reason, pool, "Job '" + run.name() + "' was rejected: " + why);
	}

	JobRejectedException rejected(RejectionReason reason, Venue venue, String message) {
		this.engine.turns().rejected(venue.name(), reason);
		return new JobRejectedException(reason, venue.name(), message);
	}

}
