package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.engine.Worker.Stage;

/**
 * The workers of a pool, and the runs that have a place and wait for one of them. All
 * state is guarded by the pool's lock.
 *
 * <p>
 * Of several runs that get a place at once only the first calls a worker; that worker,
 * when it arrives, calls the next. So a burst does not pay for waking threads that find
 * their work done, and still: as long as a run is ready, a called worker is on its way,
 * or as many workers as the pool has places are at work and will come by.
 */
final class Workers {

	private static final Logger logger = LoggerFactory.getLogger(Workers.class);

	private static final long RETRY_START_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long STAND_BY_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

	private final PoolLock lock;

	private final ThreadFactory threads;

	/** How long a worker rests at most, in nanoseconds. */
	private final long keepAlive;

	private final EngineClock clock;

	private final ActiveRuns active;

	private final RunList ready = new RunList();

	private final Deque<Worker> resting = new ArrayDeque<>();

	/** All that have been called and have not ended. */
	private final Set<Worker> all = new HashSet<>();

	private int limit;

	/** Called, and not arrived yet. */
	private int onTheirWay;

	/** Threads that wait for other jobs, and do not count against the limit. */
	private int lent;

	/** How often a worker has gone from one run to the next. */
	private long handovers;

	private boolean closed;

	Workers(PoolLock lock, ThreadFactory threads, Duration keepAlive, EngineClock clock, ActiveRuns active) {
		this.lock = lock;
		this.threads = threads;
		this.keepAlive = keepAlive.toNanos();
		this.clock = clock;
		this.active = active;
	}

	void limit(int newLimit) {
		this.limit = newLimit;
	}

	void lent(int change) {
		this.lent += change;
	}

	void ready(JobRun<?> run) {
		this.ready.add(run);
	}

	RunList ready() {
		return this.ready;
	}

	/**
	 * Return how many workers carry out a run, tell about one, or are on their way.
	 */
	int atWork() {
		return this.all.size() - this.resting.size();
	}

	/**
	 * A worker goes on with a run at once.
	 */
	void handedOver() {
		this.handovers++;
	}

	/**
	 * Return how many workers are about to show the end of a run.
	 */
	int settling() {
		return (int) this.all.stream().filter(Worker::isSettling).count();
	}

	/**
	 * Call a worker if a run is ready and none is on its way.
	 * @return whom to {@link #wake} once the lock is free, if anybody
	 */
	@Nullable Worker call() {
		if (this.ready.isEmpty() || this.onTheirWay > 0) {
			return null;
		}
		Worker worker = longerAtRest();
		if (worker == null && this.all.size() - this.lent < this.limit) {
			worker = new Worker(this, this.clock.nanoTime());
			this.all.add(worker);
		}
		if (worker != null) {
			worker.stage(Stage.CALLED);
			worker.look(this.handovers);
			this.onTheirWay++;
		}
		return worker;
	}

	/**
	 * Take one of the two workers that went to rest last, the one that did so before the
	 * other: so that those two take turns, and more of them end for want of work. One
	 * that always comes back to the processor that it has just left, while that goes to
	 * sleep, is woken three times as slowly (docs/performance.md, "Round trip").
	 */
	private @Nullable Worker longerAtRest() {
		Worker latest = this.resting.poll();
		Worker other = this.resting.poll();
		if (other == null) {
			return latest;
		}
		this.resting.push(Objects.requireNonNull(latest));
		return other;
	}

	/**
	 * Wake a worker that was called, or start its thread. Not under the lock, for both
	 * may take long.
	 */
	void wake(@Nullable Worker worker) {
		if (worker != null && !worker.wake()) {
			start(worker);
		}
	}

	/**
	 * A worker has time.
	 * @return its next run, or {@code null} if it shall end
	 */
	@Nullable JobRun<?> next(Worker worker) {
		JobRun<?> run = takeOrRest(worker);
		while (run == null && worker.stage() != Stage.ENDED) {
			worker.rest((worker.stage() == Stage.STANDING_BY) ? STAND_BY_NANOS : this.keepAlive);
			run = takeOrRest(worker);
		}
		return run;
	}

	/**
	 * Let resting workers end, and others when they have nothing to do.
	 */
	void close() {
		List<Worker> called;
		this.lock.lock();
		try {
			this.closed = true;
			called = new ArrayList<>(this.resting);
			this.resting.clear();
			called.forEach((worker) -> worker.stage(Stage.CALLED));
			this.onTheirWay += called.size();
		}
		finally {
			this.lock.unlock();
		}
		called.forEach(Worker::wake);
	}

	void open() {
		this.closed = false;
	}

	/**
	 * Whether all that runs are bodies that nobody waits for: loops, and those that
	 * ignore their interrupt.
	 */
	boolean areIdle(RunList active) {
		List<JobRun<?>> runs = active.addTo(new ArrayList<>());
		long endless = runs.stream().filter((run) -> run.runner() != null && !run.isOnCaller()).count();
		// A worker that is not inside such a body has still something to do.
		return runs.stream().allMatch((run) -> run.isOverrunning() || run.kind() == JobKind.BACKGROUND)
				&& atWork() == endless && settling() == 0;
	}

	/**
	 * Take the run that is ready first, under the lock.
	 */
	@Nullable JobRun<?> take() {
		JobRun<?> run = this.ready.poll();
		if (run != null) {
			this.active.start(run, false);
		}
		return run;
	}

	private @Nullable JobRun<?> takeOrRest(Worker worker) {
		Worker called = null;
		JobRun<?> run;
		this.lock.lock();
		try {
			Stage stage = worker.stage();
			if (stage == Stage.RESTING) {
				// Nobody has called: the time is over.
				this.resting.remove(worker);
				end(worker);
				return null;
			}
			if (stage != Stage.AT_WORK) {
				if (isCrowded(worker)) {
					worker.stage(Stage.STANDING_BY);
					return null;
				}
				worker.stage(Stage.AT_WORK);
				this.onTheirWay--;
			}
			run = take();
			if (run != null) {
				called = call();
			}
			else if (this.closed) {
				end(worker);
			}
			else {
				worker.stage(Stage.RESTING);
				this.resting.push(worker);
			}
		}
		finally {
			this.lock.unlock();
		}
		wake(called);
		return run;
	}

	/**
	 * Whether some worker gets through what is ready so fast that one more would only be
	 * in its way, at the lock. It has to look again, for the next body may block.
	 */
	private boolean isCrowded(Worker worker) {
		if (this.ready.isEmpty() || this.closed || !worker.look(this.handovers)) {
			return false;
		}
		long now = this.clock.nanoTime();
		return this.all.stream().anyMatch((each) -> each.hasGoneOn(now));
	}

	private void end(Worker worker) {
		this.all.remove(worker);
		worker.stage(Stage.ENDED);
	}

	private void start(Worker worker) {
		try {
			this.threads.newThread(worker).start();
		}
		catch (Throwable ex) {
			// The run keeps its place and is not lost: a worker that comes by takes
			// it, and we try again.
			logger.error("A thread could not be started; trying again in a second", ex);
			this.lock.lock();
			try {
				this.onTheirWay--;
				this.all.remove(worker);
			}
			finally {
				this.lock.unlock();
			}
			this.clock.schedule(this::callAgain, RETRY_START_NANOS);
		}
	}

	private void callAgain() {
		Worker called;
		this.lock.lock();
		try {
			called = call();
		}
		finally {
			this.lock.unlock();
		}
		wake(called);
	}

}
