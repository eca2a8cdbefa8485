package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;

/**
 * A pool: places, the queue in front of them, and the workers that carry runs out. One
 * lock guards all of it. It is held for a few field writes and now and then an unpark,
 * and never while code of the user runs. The rules stand in docs/concurrency.md.
 */
final class Pool implements Venue {

	private final PoolLock lock = new PoolLock();

	private final PoolSpec spec;

	private final Surroundings engine;

	private final Admission admission;

	private final Inbox inbox = new Inbox();

	private final PoolState state;

	private final Places places;

	private final Room room;

	private final Workers workers;

	private final PoolRuns runs;

	private final History history;

	private final Diagnosis.RateLimit saturation = new Diagnosis.RateLimit(1);

	/** How many bodies have left as their runs ended. */
	private long departures;

	Pool(PoolSpec spec, Surroundings engine, Admission admission, ThreadFactory threads, Duration keepAlive,
			int historySize) {
		this.spec = spec;
		this.engine = engine;
		this.admission = admission;
		ActiveRuns active = new ActiveRuns();
		this.workers = new Workers(this.lock, threads, keepAlive, engine.clock(), active);
		this.places = new Places(spec.limit(), this.workers);
		this.room = new Room(spec.pendingLimit());
		this.runs = new PoolRuns(this.workers.ready(), active);
		this.state = new PoolState(this.places, this.room, this.workers, this.runs, this.inbox, admission);
		this.history = new History(historySize);
	}

	@Override
	public String name() {
		return this.spec.name();
	}

	@Override
	public Surroundings engine() {
		return this.engine;
	}

	@Override
	public @Nullable Duration timeout() {
		return this.spec.timeout();
	}

	PoolSpec spec() {
		return this.spec;
	}

	/**
	 * Admit a run, or let its spawner wait for room behind those that wait already.
	 * @param run the run
	 * @param entry how it comes in
	 * @param spawner waits if there is no room; {@code null} to be refused instead
	 * @return {@code null} if the run was admitted or its spawner waits, or else why not
	 */
	@Nullable RejectionReason admit(JobRun<?> run, Entry entry, @Nullable BlockedSpawner spawner) {
		if (entry == Entry.NOW && spawner == null && run.priority() == 0 && this.inbox.put(run)) {
			return null;
		}
		Worker called;
		JobRun<?> first;
		this.lock.lock();
		try {
			RejectionReason refusal = this.admission.refusal(run);
			if (refusal != null) {
				return refusal;
			}
			this.state.closeInbox();
			// Whoever is blocked came before.
			boolean admitted = (entry.exempt() || !this.room.isAwaited()) && this.state.tryAdmit(run, entry);
			if (!admitted && spawner == null) {
				return RejectionReason.FULL;
			}
			if (spawner != null) {
				this.room.entered(spawner, admitted);
			}
			this.state.settleInbox();
			this.inbox.looked(run);
			called = this.workers.call();
			first = this.runs.queue.peek();
		}
		finally {
			this.lock.unlock();
		}
		this.workers.wake(called);
		if (first != null && run.kind() != JobKind.PERIODIC) {
			// Where nothing starts any more, nobody else would notice. Not for a
			// tick: the clock's thread has no time.
			this.engine.diagnosis().waited(first, first.waited(run.createdNanos()));
		}
		return null;
	}

	/**
	 * Give up waiting for room.
	 * @return whether the spawner was still waiting
	 */
	boolean unblock(BlockedSpawner spawner) {
		// There may be room for those behind that there was not for this one.
		return changed(() -> this.room.giveUp(spawner));
	}

	/**
	 * Reject some of those who wait for room.
	 */
	void rejectBlocked(RejectionReason reason, Predicate<BlockedSpawner> which) {
		change(() -> this.room.reject(reason, which));
	}

	/**
	 * Admit a run that its spawner carries out itself.
	 * @return {@code null} if it was admitted, or else why not
	 */
	@Nullable RejectionReason enterOnCaller(JobRun<?> run) {
		return locked(() -> {
			RejectionReason refusal = this.admission.refusal(run);
			if (refusal == null) {
				this.runs.active.start(run, true);
			}
			return refusal;
		});
	}

	@Override
	public void due(JobRun<?> run) {
		change(() -> this.state.due(run));
	}

	@Override
	public boolean withdraw(JobRun<?> run) {
		return changed(() -> this.state.withdraw(run));
	}

	@Override
	public List<JobRun<?>> withdrawAll(Predicate<JobRun<?>> which) {
		List<JobRun<?>> withdrawn = new ArrayList<>();
		change(() -> {
			for (JobRun<?> run : this.runs.waiting()) {
				if (which.test(run) && this.state.withdraw(run)) {
					withdrawn.add(run);
				}
			}
		});
		return withdrawn;
	}

	@Override
	public @Nullable JobRun<?> end(JobRun<?> run, @Nullable Worker worker, boolean takes) {
		JobRun<?> next;
		Worker called;
		this.lock.lock();
		try {
			this.history.add(run);
			this.departures++;
			if (worker != null) {
				worker.settles();
			}
			next = this.state.end(run, takes);
			called = this.workers.call();
		}
		finally {
			this.lock.unlock();
		}
		this.workers.wake(called);
		return next;
	}

	@Override
	public void leave(JobRun<?> run) {
		change(() -> this.state.release(run));
	}

	@Override
	public void remember(JobRun<?> run) {
		this.lock.lock();
		try {
			this.history.add(run);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public long departures() {
		return locked(() -> this.departures);
	}

	@Override
	public void addHistory(List<JobRun<?>> runs) {
		locked(() -> {
			this.history.addTo(runs);
			return runs;
		});
	}

	@Override
	public boolean leaveToWait(JobRun<?> run) {
		return changed(() -> this.state.leaveToWait(run));
	}

	@Override
	public void overrun(JobRun<?> run) {
		change(() -> this.runs.active.overrun(run));
	}

	@Override
	public void telling(int change) {
		change(() -> this.runs.active.telling(change));
	}

	@Override
	public int telling() {
		return locked(() -> this.runs.active.telling() + this.workers.settling());
	}

	/**
	 * Lend what the calling thread holds while it waits.
	 * @return whether a place was lent
	 */
	boolean lend(JobRun<?> run) {
		return changed(() -> this.places.lend(run));
	}

	/**
	 * Take back what was lent, ahead of the queue. Waits for a place if one was lent.
	 */
	void reclaim(JobRun<?> run, boolean place) {
		Reclaim reclaim = new Reclaim(run);
		change(() -> this.places.reclaim(reclaim, place));
		reclaim.await();
	}

	Diagnosis.RateLimit saturation() {
		return this.saturation;
	}

	void resize(int newLimit) {
		change(() -> this.places.limit(newLimit));
	}

	void pause(PauseNote note, long now) {
		change(() -> this.places.paused(note, now));
	}

	@Nullable PauseNote pauseNote() {
		return locked(this.places::pauseNote);
	}

	void hold(boolean value, long now) {
		change(() -> this.places.onHold(value, now));
	}

	/**
	 * Return for how long starting has not been paused, in nanoseconds.
	 */
	long unpaused(long now) {
		return locked(() -> this.places.unpaused(now));
	}

	void open() {
		change(() -> {
			this.places.open();
			this.workers.open();
		});
	}

	/**
	 * Let the workers end as soon as they have nothing to do.
	 */
	void terminate() {
		change(this.places::terminate);
		this.workers.close();
	}

	PoolSnapshot snapshot() {
		return locked(() -> new PoolSnapshot(name(), this.places.limit(), this.places.held(), this.runs.pending(),
				this.spec.pendingLimit(), this.runs.active.overrunning(), this.runs.active.callerRuns(),
				this.places.isPaused()));
	}

	/**
	 * Return how long the run has waited for a place that has waited longest, without the
	 * time for which starting was paused.
	 * @return nanoseconds since it was due, or -1 if none waits or starting is paused
	 */
	long waited(long now) {
		return locked(() -> this.places.isPaused() ? -1
				: Math.min(this.runs.queue.longestWait(now), this.places.unpaused(now)));
	}

	@Override
	public int busy() {
		return locked(this.runs::busy);
	}

	@Override
	public boolean isIdle() {
		return locked(() -> (this.runs.queue.isEmpty() || this.places.isPaused()) && this.runs.active.telling() == 0
				&& this.workers.ready().isEmpty() && this.workers.areIdle(this.runs.active.all()));
	}

	@Override
	public List<JobRun<?>> parked() {
		return locked(() -> this.runs.parked.addTo(new ArrayList<>()));
	}

	@Override
	public List<JobRun<?>> heldBack() {
		return locked(() -> this.places.isPausedByUser() ? this.runs.queued() : List.of());
	}

	@Override
	public List<JobRun<?>> leftBehind() {
		return locked(this.runs.active::leftBehind);
	}

	/**
	 * Return the runs that hold a place and are with a thread.
	 */
	List<JobRun<?>> active() {
		return locked(() -> this.runs.active.all().addTo(new ArrayList<>()));
	}

	@Override
	public List<JobRun<?>> live() {
		return locked(this.runs::all);
	}

	private void change(Runnable change) {
		changed(() -> {
			change.run();
			return true;
		});
	}

	private boolean changed(BooleanSupplier change) {
		boolean result;
		Worker called;
		this.lock.lock();
		try {
			this.state.closeInbox();
			result = change.getAsBoolean();
			this.state.settle();
			called = this.workers.call();
		}
		finally {
			this.lock.unlock();
		}
		this.workers.wake(called);
		return result;
	}

	private <R extends @Nullable Object> R locked(Supplier<R> read) {
		this.lock.lock();
		try {
			this.state.collect();
			return read.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
