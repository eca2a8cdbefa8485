package io.backgroundjobs.durable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;

import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.engine.JobEngine;

/**
 * Says which jobs may be fetched from the database, and how many, so that no pool has
 * more of them waiting in this process than it needs to be kept busy: what waits here
 * cannot run on another instance, and must not keep jobs of other pools away.
 * Thread-safe.
 */
final class Intake {

	/** How many jobs wait in the process at most, for a pool that has more places. */
	private static final int MOST_WAITING = 20;

	/** How long a place that is about to be free may take for that. */
	private static final Duration SOON = Duration.ofMillis(20);

	private final JobEngine engine;

	/** Looks for due jobs. */
	private final Runnable look;

	private final Consumer<Duration> lookIn;

	/** The pools of stored jobs, by the jobs' names. */
	private final Map<String, String> stored = new ConcurrentHashMap<>();

	/** Those of the periodic jobs in which this instance takes part. */
	private final Map<String, String> periodic = new ConcurrentHashMap<>();

	private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();

	/** How many jobs have come for a pool whose rows have not been written since. */
	private final Map<String, AtomicInteger> carried = new ConcurrentHashMap<>();

	/** The pools whose jobs the last look has left in the database. */
	private final Set<String> closed = ConcurrentHashMap.newKeySet();

	/**
	 * Create an intake.
	 * @param look looks for due jobs
	 * @param lookIn does so after some time
	 */
	Intake(JobEngine engine, Runnable look, Consumer<Duration> lookIn) {
		this.engine = engine;
		this.look = look;
		this.lookIn = lookIn;
		engine.whenPoolChanges(this::mayHaveRoom);
	}

	/**
	 * Fetch stored jobs of a name.
	 */
	void add(String name, String pool) {
		this.stored.put(name, pool);
	}

	/**
	 * Take part in a periodic job.
	 */
	void attend(String name, String pool) {
		this.periodic.put(name, pool);
	}

	/**
	 * Take no part in a periodic job.
	 */
	void leave(String name) {
		this.periodic.remove(name);
	}

	/**
	 * The database is about to be looked at. Called by one thread at a time.
	 * @param requested how many the scheduler could take
	 * @return what to ask for: no more than the fullest of the pools has room for, as all
	 * that comes may be for that one
	 */
	Batch next(int requested) {
		Set<String> used = new HashSet<>(this.stored.values());
		used.addAll(this.periodic.values());
		// Before they are looked at: room that comes up from here on is told of.
		this.closed.addAll(used);
		Map<String, PoolSnapshot> snapshots = snapshots();
		boolean running = this.engine.isRunning();
		int limit = requested;
		Set<String> open = new HashSet<>();
		for (String name : used) {
			PoolSnapshot pool = snapshots.get(name);
			// Once the scheduler is stopped it would refuse them.
			if (pool != null && running && isHungry(pool)) {
				limit = Math.min(limit, room(pool));
				open.add(name);
				this.closed.remove(name);
			}
			else if (pool != null && running) {
				lookSoonIfNothingElseWill(pool);
			}
		}
		return new Batch(Math.max(1, limit), names(this.stored, open), names(this.periodic, open));
	}

	private static List<String> names(Map<String, String> pools, Set<String> open) {
		return pools.entrySet()
			.stream()
			.filter((entry) -> open.contains(entry.getValue()))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Carry a job that has come out of the database, and count it until its row has been
	 * written.
	 * @param pool the pool that it has come for
	 * @param carrying carries it, calls what it is given once the job does not wait any
	 * more, and says what becomes of the row
	 */
	CompletionHandler<byte[]> carry(String pool, Function<Runnable, CompletionHandler<byte[]>> carrying) {
		count(this.waiting, pool).incrementAndGet();
		count(this.carried, pool).incrementAndGet();
		Arrivals.arrived();
		AtomicBoolean waits = new AtomicBoolean(true);
		Runnable started = () -> {
			if (waits.compareAndSet(true, false)) {
				count(this.waiting, pool).decrementAndGet();
				mayHaveRoom(pool);
			}
		};
		try {
			CompletionHandler<byte[]> ending = carrying.apply(started);
			return (complete, row) -> {
				try {
					ending.complete(complete, row);
				}
				finally {
					written(pool);
				}
			};
		}
		catch (RuntimeException | Error ex) {
			written(pool);
			throw ex;
		}
		finally {
			started.run();
		}
	}

	private void written(String pool) {
		count(this.carried, pool).decrementAndGet();
		mayHaveRoom(pool);
	}

	private void mayHaveRoom(String pool) {
		if (this.closed.contains(pool)) {
			PoolSnapshot snapshot = snapshots().get(pool);
			if (snapshot != null && !isHungry(snapshot)) {
				lookSoonIfNothingElseWill(snapshot);
			}
			else if (snapshot != null && this.closed.remove(pool)) {
				this.look.run();
			}
		}
	}

	/**
	 * The row of a job may be written before the job's place is free. Where that was the
	 * last job of the pool, nothing tells of the place.
	 */
	private void lookSoonIfNothingElseWill(PoolSnapshot pool) {
		if (!pool.paused() && count(this.carried, pool.name()).get() == 0) {
			this.lookIn.accept(SOON);
		}
	}

	/**
	 * Whether so much room is there that it is worth a look.
	 */
	private boolean isHungry(PoolSnapshot pool) {
		return room(pool) > prefetch(pool) / 2;
	}

	/**
	 * Return how many jobs may come for a pool: as many as it has free places, and some
	 * that wait for the next ones. Those that have left it, and whose rows the database
	 * is slow to write, count too: they hold threads and want connections.
	 */
	private int room(PoolSnapshot pool) {
		if (pool.paused()) {
			return 0;
		}
		int prefetch = prefetch(pool);
		int places = Math.max(0, pool.limit() - pool.active()) + prefetch - count(this.waiting, pool.name()).get();
		return Math.min(places, pool.limit() + prefetch - count(this.carried, pool.name()).get());
	}

	private static int prefetch(PoolSnapshot pool) {
		return Math.min(pool.limit(), MOST_WAITING);
	}

	private static AtomicInteger count(Map<String, AtomicInteger> counts, String pool) {
		return counts.computeIfAbsent(pool, (key) -> new AtomicInteger());
	}

	private Map<String, PoolSnapshot> snapshots() {
		return this.engine.pools().stream().collect(Collectors.toMap(PoolSnapshot::name, Function.identity()));
	}

	/**
	 * What to ask the database for.
	 *
	 * @param limit how many jobs; positive
	 * @param stored stored jobs of which names
	 * @param periodic which periodic jobs
	 */
	record Batch(int limit, List<String> stored, List<String> periodic) {

		/** Nothing. */
		static final Batch NONE = new Batch(1, List.of(), List.of());

		boolean isEmpty() {
			return this.stored.isEmpty() && this.periodic.isEmpty();
		}

		/**
		 * Return the names as a condition. They need no parameters: a job's name holds no
		 * quote.
		 */
		String condition() {
			List<String> alternatives = new ArrayList<>(2);
			if (!this.stored.isEmpty()) {
				alternatives.add("coalesce(task_name in " + list(this.stored) + ", false)");
			}
			if (!this.periodic.isEmpty()) {
				alternatives.add("task_name = '" + Rows.PERIODIC + "' and task_instance in " + list(this.periodic));
			}
			return alternatives.isEmpty() ? " and 1 = 0 " : " and (" + String.join(" or ", alternatives) + ") ";
		}

		private static String list(List<String> names) {
			return names.stream().collect(Collectors.joining("', '", "('", "')"));
		}

	}

}
