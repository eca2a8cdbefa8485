package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.RejectionReason;

/**
 * A pool: places, the queue in front of them, and the workers that carry runs out. One
 * lock guards all of it; it is held for a few field writes, and never while code of the
 * user or a system call runs. The rules stand in docs/concurrency.md.
 */
final class Pool implements Venue {

	private final ReentrantLock lock = new ReentrantLock();

	private final PoolSpec spec;

	private final Admission admission;

	private final Workers workers;

	/** Due, and waiting for a place. */
	private final RunQueue queue = new RunQueue();

	/** Not due: delayed, reserved, between attempts, or behind an earlier run. */
	private final RunList parked = new RunList();

	/** Handed to a thread and not left, on a place or on the caller's thread. */
	private final RunList active = new RunList();

	/** Threads that wait to get back the place that they lent. */
	private final Deque<Reclaim> reclaims = new ArrayDeque<>();

	private final Deque<BlockedSpawner> blocked = new ArrayDeque<>();

	private int limit;

	private int held;

	/** How many pending runs count against the pending limit. */
	private int slots;

	private int overrunning;

	private int callerRuns;

	/** Threads that still tell listeners about a run that has given its place back. */
	private int telling;

	private boolean paused;

	private boolean onHold;

	private boolean terminated;

	Pool(PoolSpec spec, Admission admission, ThreadFactory threads, Duration keepAlive, EngineClock clock) {
		this.spec = spec;
		this.limit = spec.limit();
		this.admission = admission;
		this.workers = new Workers(this.lock, threads, keepAlive, clock, this::start);
		this.workers.limit(this.limit);
	}

	@Override
	public String name() {
		return this.spec.name();
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
		Followup followup = null;
		this.lock.lock();
		try {
			RejectionReason refusal = this.admission.refusal(run);
			if (refusal != null) {
				return refusal;
			}
			// Whoever is blocked came before.
			boolean admitted = (entry.exempt() || this.blocked.isEmpty()) && tryAdmit(run, entry);
			if (!admitted && spawner == null) {
				return RejectionReason.FULL;
			}
			if (admitted && spawner != null) {
				spawner.resolve(null);
			}
			else if (spawner != null) {
				this.blocked.add(spawner);
			}
			followup = this.workers.call(null);
		}
		finally {
			this.lock.unlock();
		}
		Followup.run(followup);
		return null;
	}

	/**
	 * Give up waiting for room.
	 * @return whether the spawner was still waiting
	 */
	boolean unblock(BlockedSpawner spawner) {
		boolean waited;
		Followup followup;
		this.lock.lock();
		try {
			waited = this.blocked.remove(spawner);
			// There may be room for those behind that there was not for this one.
			followup = settle();
		}
		finally {
			this.lock.unlock();
		}
		Followup.run(followup);
		return waited;
	}

	/**
	 * Reject all who wait for room.
	 */
	void rejectBlocked(RejectionReason reason) {
		change(() -> {
			this.blocked.forEach((spawner) -> spawner.resolve(reason));
			this.blocked.clear();
		});
	}

	/**
	 * Admit a run that its spawner carries out itself.
	 * @return {@code null} if it was admitted, or else why not
	 */
	@Nullable RejectionReason enterOnCaller(JobRun<?> run) {
		this.lock.lock();
		try {
			RejectionReason refusal = this.admission.refusal(run);
			if (refusal == null) {
				this.callerRuns++;
				run.onCaller = true;
				start(run);
			}
			return refusal;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void due(JobRun<?> run) {
		change(() -> {
			if (run.list == this.parked) {
				this.parked.remove(run);
				enqueue(run);
			}
		});
	}

	@Override
	public boolean withdraw(JobRun<?> run) {
		boolean withdrawn;
		Followup followup = null;
		this.lock.lock();
		try {
			withdrawn = unlink(run);
			if (withdrawn) {
				freeSlot(run);
				followup = settle();
			}
		}
		finally {
			this.lock.unlock();
		}
		Followup.run(followup);
		return withdrawn;
	}

	@Override
	public void leave(JobRun<?> run) {
		change(() -> release(run));
	}

	@Override
	public boolean leaveToWait(JobRun<?> run) {
		boolean waits;
		Followup followup;
		this.lock.lock();
		try {
			waits = run.waitAgain();
			if (waits) {
				release(run);
				this.slots++;
				run.slot = true;
				this.parked.add(run);
			}
			followup = settle();
		}
		finally {
			this.lock.unlock();
		}
		Followup.run(followup);
		return waits;
	}

	@Override
	public void overrun(JobRun<?> run) {
		change(() -> {
			if (run.list == this.active && !run.overrunning) {
				run.overrunning = true;
				this.overrunning++;
			}
		});
	}

	@Override
	public void telling(int change) {
		change(() -> this.telling += change);
	}

	@Override
	public int telling() {
		this.lock.lock();
		try {
			return this.telling;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lend what the calling thread holds while it waits: its run's place, if it has one,
	 * and in any case its own share of the pool's threads.
	 * @return whether a place was lent
	 */
	boolean lend(JobRun<?> run) {
		boolean[] lent = new boolean[1];
		change(() -> {
			this.workers.lent(1);
			if (run.placed) {
				run.placed = false;
				this.held--;
				lent[0] = true;
			}
		});
		return lent[0];
	}

	/**
	 * Take back what was lent, ahead of the queue. Waits for a place if one was lent.
	 */
	void reclaim(JobRun<?> run, boolean place) {
		Reclaim reclaim = new Reclaim(run);
		change(() -> {
			if (place && !this.terminated) {
				this.reclaims.add(reclaim);
			}
			else {
				this.workers.lent(-1);
				reclaim.grant();
			}
		});
		reclaim.await();
	}

	void resize(int newLimit) {
		change(() -> {
			this.limit = newLimit;
			this.workers.limit(newLimit);
		});
	}

	void pause(boolean value) {
		change(() -> this.paused = value);
	}

	void hold(boolean value) {
		change(() -> this.onHold = value);
	}

	void open() {
		change(() -> {
			this.terminated = false;
			this.workers.open();
		});
	}

	/**
	 * Let the workers end as soon as they have nothing to do. Threads that wait for their
	 * place go on without one: nothing starts any more that a place could protect.
	 */
	void terminate() {
		change(() -> {
			this.terminated = true;
			this.reclaims.forEach((reclaim) -> {
				this.workers.lent(-1);
				reclaim.grant();
			});
			this.reclaims.clear();
		});
		this.workers.close();
	}

	PoolSnapshot snapshot() {
		this.lock.lock();
		try {
			return new PoolSnapshot(name(), this.limit, this.held, this.queue.size() + this.parked.size(),
					this.spec.pendingLimit(), this.overrunning, this.callerRuns, this.paused || this.onHold);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Say in words how full the pool is.
	 */
	String occupancy() {
		PoolSnapshot now = snapshot();
		return now.active() + " of " + now.limit() + " places are held and " + now.pending() + " of "
				+ now.pendingLimit() + " jobs are pending" + (now.paused() ? "; it is paused" : "");
	}

	@Override
	public int busy() {
		this.lock.lock();
		try {
			return this.queue.size() + this.workers.ready().size() + this.active.size() + this.telling;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isIdle() {
		this.lock.lock();
		try {
			boolean waits = !this.queue.isEmpty() && !this.paused && !this.onHold;
			if (waits || this.telling > 0 || !this.workers.ready().isEmpty()) {
				return false;
			}
			int endless = 0;
			for (JobRun<?> run = this.active.first(); run != null; run = run.next) {
				if (!run.overrunning && run.kind() != JobKind.BACKGROUND) {
					return false;
				}
				endless += (run.runner() != null && !run.onCaller) ? 1 : 0;
			}
			// A worker that is not inside such a body has still something to do.
			return this.workers.atWork() == endless;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<JobRun<?>> parked() {
		List<JobRun<?>> runs = new ArrayList<>();
		this.lock.lock();
		try {
			this.parked.forEach(runs::add);
		}
		finally {
			this.lock.unlock();
		}
		return runs;
	}

	@Override
	public List<JobRun<?>> live() {
		List<JobRun<?>> runs = new ArrayList<>();
		this.lock.lock();
		try {
			// In this order: who ends them one after the other lets none of them start.
			this.parked.forEach(runs::add);
			this.queue.forEach(runs::add);
			this.workers.ready().forEach(runs::add);
			this.active.forEach(runs::add);
		}
		finally {
			this.lock.unlock();
		}
		return runs;
	}

	private void change(Runnable change) {
		Followup followup;
		this.lock.lock();
		try {
			change.run();
			followup = settle();
		}
		finally {
			this.lock.unlock();
		}
		Followup.run(followup);
	}

	/**
	 * Hand out what has become free: places to those who lent theirs, then to the queue;
	 * room to blocked spawners; and call a worker for what got a place.
	 */
	private @Nullable Followup settle() {
		while (this.held < this.limit && !this.reclaims.isEmpty()) {
			Reclaim reclaim = this.reclaims.remove();
			reclaim.run.placed = true;
			this.held++;
			this.workers.lent(-1);
			reclaim.grant();
		}
		fill();
		while (!this.blocked.isEmpty() && tryAdmit(this.blocked.element().run, this.blocked.element().entry)) {
			this.blocked.remove().resolve(null);
		}
		return this.workers.call(null);
	}

	private void fill() {
		while (canStart()) {
			JobRun<?> run = this.queue.poll();
			if (run == null) {
				return;
			}
			freeSlot(run);
			place(run);
		}
	}

	private boolean tryAdmit(JobRun<?> run, Entry entry) {
		if (!entry.parked() && canStart() && this.queue.isEmpty()) {
			run.queued();
			place(run);
			return true;
		}
		if (!entry.exempt() && !takeSlot(run, entry)) {
			return false;
		}
		if (entry.parked()) {
			run.parked(entry);
			this.parked.add(run);
		}
		else {
			enqueue(run);
		}
		return true;
	}

	private boolean takeSlot(JobRun<?> run, Entry entry) {
		// A reservation may also count on a place that is free; a delay may not, for it
		// says nothing about the places of a later time.
		int free = (entry != Entry.DELAYED && entry.parked() && canStart()) ? this.limit - this.held : 0;
		if (this.slots >= this.spec.pendingLimit() + free) {
			return false;
		}
		this.slots++;
		run.slot = true;
		return true;
	}

	private boolean canStart() {
		return this.held < this.limit && this.reclaims.isEmpty() && !this.paused && !this.onHold;
	}

	private void freeSlot(JobRun<?> run) {
		if (run.slot) {
			run.slot = false;
			this.slots--;
		}
	}

	private void enqueue(JobRun<?> run) {
		run.queued();
		this.queue.add(run);
	}

	private void place(JobRun<?> run) {
		run.placed = true;
		this.held++;
		this.workers.ready(run);
	}

	private void start(JobRun<?> run) {
		run.handedOver();
		this.active.add(run);
	}

	private boolean unlink(JobRun<?> run) {
		if (run.list == this.parked) {
			this.parked.remove(run);
		}
		else if (run.list != null && run.list == this.workers.ready()) {
			this.workers.ready().remove(run);
			run.placed = false;
			this.held--;
		}
		else if (run.list != null && run.list != this.active) {
			this.queue.remove(run);
		}
		else {
			return false;
		}
		return true;
	}

	private void release(JobRun<?> run) {
		if (run.list != this.active) {
			return;
		}
		this.active.remove(run);
		if (run.placed) {
			run.placed = false;
			this.held--;
		}
		if (run.onCaller) {
			run.onCaller = false;
			this.callerRuns--;
		}
		if (run.overrunning) {
			run.overrunning = false;
			this.overrunning--;
		}
	}

}
