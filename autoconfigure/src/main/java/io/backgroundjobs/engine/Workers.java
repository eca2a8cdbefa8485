package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.JobKind;

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

	private final PoolLock lock;

	private final ThreadFactory threads;

	/** How long a worker rests at most, in nanoseconds. */
	private final long keepAlive;

	private final EngineClock clock;

	private final ActiveRuns active;

	private final RunList ready = new RunList();

	private final Deque<Worker> resting = new ArrayDeque<>();

	private int limit;

	private int count;

	/** Called, and not arrived yet. */
	private int onTheirWay;

	/** Threads that wait for other jobs, and do not count against the limit. */
	private int lent;

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
		return this.count - this.resting.size();
	}

	/**
	 * Call a worker if a run is ready and none is on its way.
	 * @return whom to {@link #wake} once the lock is free, if anybody
	 */
	@Nullable Worker call() {
		if (this.ready.isEmpty() || this.onTheirWay > 0) {
			return null;
		}
		Worker worker = this.resting.poll();
		if (worker != null) {
			worker.called();
		}
		else if (this.count - this.lent < this.limit) {
			this.count++;
			worker = new Worker(this);
		}
		this.onTheirWay += (worker != null) ? 1 : 0;
		return worker;
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
	 * A worker that was called is here.
	 * @return its first run, or {@code null} if it shall end
	 */
	@Nullable JobRun<?> arrive(Worker worker) {
		this.lock.lock();
		try {
			this.onTheirWay--;
		}
		finally {
			this.lock.unlock();
		}
		return next(worker);
	}

	/**
	 * A worker has time.
	 * @return its next run, or {@code null} if it shall end
	 */
	@Nullable JobRun<?> next(Worker worker) {
		JobRun<?> run = takeOrRest(worker);
		// Not isResting(): a worker that is called before it gets here must not end.
		while (run == null && !worker.isEnding()) {
			worker.rest(this.keepAlive);
			run = takeAfterRest(worker);
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
			called.forEach(Worker::called);
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
		long endless = runs.stream().filter((run) -> run.runner() != null && !run.onCaller).count();
		// A worker that is not inside such a body has still something to do.
		return runs.stream().allMatch((run) -> run.overrunning || run.kind() == JobKind.BACKGROUND)
				&& atWork() == endless;
	}

	private @Nullable JobRun<?> takeAfterRest(Worker worker) {
		this.lock.lock();
		try {
			if (worker.isResting()) {
				// Nobody has called: the time is over.
				worker.called();
				this.resting.remove(worker);
				this.count--;
				worker.end();
				return null;
			}
			this.onTheirWay--;
		}
		finally {
			this.lock.unlock();
		}
		return takeOrRest(worker);
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
			run = take();
			if (run != null) {
				called = call();
			}
			else if (this.closed) {
				this.count--;
				worker.end();
			}
			else {
				worker.resting();
				this.resting.push(worker);
			}
		}
		finally {
			this.lock.unlock();
		}
		wake(called);
		return run;
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
				this.count--;
				this.onTheirWay--;
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
