package io.backgroundjobs.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

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

	private final JobEngine engine;

	/** Looks for due jobs. */
	private final Runnable look;

	private final Map<String, String> pools = new ConcurrentHashMap<>();

	/** Names in which this instance takes no part. */
	private final Set<String> paused = ConcurrentHashMap.newKeySet();

	private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();

	/** How many of the last batch are still to come before it is known to be full. */
	private final AtomicInteger missing = new AtomicInteger();

	/** Whether there may be due jobs that the last look has left in the database. */
	private volatile boolean more;

	Intake(JobEngine engine, Runnable look) {
		this.engine = engine;
		this.look = look;
	}

	void add(String name, String pool) {
		this.pools.put(name, pool);
		this.waiting.computeIfAbsent(pool, (key) -> new AtomicInteger());
	}

	void pause(String name, boolean pauses) {
		if (pauses) {
			this.paused.add(name);
		}
		else if (this.paused.remove(name)) {
			this.look.run();
		}
	}

	/**
	 * The database is about to be looked at.
	 * @param requested how many the scheduler could take
	 * @return what to ask for
	 */
	Batch next(int requested) {
		Map<String, PoolSnapshot> snapshots = snapshots();
		int most = 0;
		List<String> open = new ArrayList<>();
		boolean closedAny = false;
		for (Map.Entry<String, String> entry : this.pools.entrySet()) {
			int room = this.paused.contains(entry.getKey()) ? 0 : room(snapshots.get(entry.getValue()));
			if (room > 0) {
				most = Math.max(most, room);
				open.add(entry.getKey());
			}
			else {
				closedAny = true;
			}
		}
		int limit = Math.min(requested, most);
		this.more = closedAny;
		this.missing.set((limit > 0) ? limit : Integer.MAX_VALUE);
		return new Batch(Math.max(1, limit), open);
	}

	/**
	 * A job has come out of the database, for a pool.
	 */
	void arrived(String pool) {
		waiting(pool).incrementAndGet();
		skipped();
		lookIfWanted(pool);
	}

	/**
	 * A job that was found is carried by another instance.
	 */
	void skipped() {
		if (this.missing.decrementAndGet() == 0) {
			// There may be more than were asked for.
			this.more = true;
		}
	}

	/**
	 * A job that had arrived waits no more.
	 */
	void tookOff(String pool) {
		waiting(pool).decrementAndGet();
		lookIfWanted(pool);
	}

	/**
	 * A place may be free again.
	 */
	void lookIfWanted(String pool) {
		if (this.more && isHungry(pool)) {
			this.more = false;
			this.look.run();
		}
	}

	private boolean isHungry(String pool) {
		PoolSnapshot snapshot = snapshots().get(pool);
		return snapshot != null && room(snapshot) > prefetch(snapshot) / 2;
	}

	private int room(PoolSnapshot pool) {
		if (pool.paused()) {
			return 0;
		}
		return Math.max(0, pool.limit() - pool.active()) + prefetch(pool) - waiting(pool.name()).get();
	}

	private static int prefetch(PoolSnapshot pool) {
		return Math.min(pool.limit(), MOST_WAITING);
	}

	private AtomicInteger waiting(String pool) {
		return this.waiting.computeIfAbsent(pool, (key) -> new AtomicInteger());
	}

	private Map<String, PoolSnapshot> snapshots() {
		return this.engine.pools().stream().collect(Collectors.toMap(PoolSnapshot::name, Function.identity()));
	}

	/**
	 * What to ask the database for.
	 *
	 * @param limit how many jobs; positive
	 * @param names of which names; maybe none
	 */
	record Batch(int limit, List<String> names) {

		/**
		 * Return the names as a condition. They need no parameters: a job's name holds no
		 * quote.
		 */
		String condition() {
			return this.names.isEmpty() ? " and 1 = 0 "
					: this.names.stream().collect(Collectors.joining("', '", " and task_name in ('", "') "));
		}

	}

}
