package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a pool has, and how it goes from hand to hand: places, room for pending runs, and
 * the runs themselves. Guarded by the pool's lock. Every change ends in {@link #settle},
 * but for a run that takes what it finds free itself.
 */
final class PoolState {

	final Places places;

	final Room room;

	final Workers workers;

	final PoolRuns runs;

	private final Inbox inbox;

	private final Admission admission;

	PoolState(Places places, Room room, Workers workers, PoolRuns runs, Inbox inbox, Admission admission) {
		this.places = places;
		this.room = room;
		this.workers = workers;
		this.runs = runs;
		this.inbox = inbox;
		this.admission = admission;
	}

	/**
	 * Let a run in, if there is a place or room for it.
	 */
	boolean tryAdmit(JobRun<?> run, Entry entry) {
		if (!entry.parked() && this.places.free() > 0 && this.runs.queue.isEmpty()) {
			run.queued();
			this.places.take(run);
			this.workers.ready(run);
			return true;
		}
		if (!entry.exempt() && !takeSlot(run, entry)) {
			return false;
		}
		if (entry.parked()) {
			run.parked(entry);
			this.runs.parked.add(run);
		}
		else {
			enqueue(run);
		}
		return true;
	}

	/**
	 * A parked run is due.
	 */
	void due(JobRun<?> run) {
		if (this.runs.parked.contains(run)) {
			this.runs.parked.remove(run);
			enqueue(run);
		}
	}

	/**
	 * Take out a run that no thread has taken, with what it holds. Who drains is told in
	 * the same step.
	 * @return whether it was there
	 */
	boolean withdraw(JobRun<?> run) {
		boolean withdrawn = this.runs.withdraw(run);
		if (withdrawn) {
			this.places.giveBack(run);
			this.room.giveBack(run);
			run.engine().stopping().ending();
		}
		return withdrawn;
	}

	/**
	 * The body of a run has left.
	 */
	void release(JobRun<?> run) {
		if (this.runs.active.leave(run)) {
			this.places.giveBack(run);
		}
	}

	/**
	 * The body of a run has left, and another attempt may follow.
	 * @return whether the run is parked again
	 */
	boolean leaveToWait(JobRun<?> run) {
		boolean waits = run.waitAgain();
		if (waits) {
			release(run);
			this.room.take(run);
			this.runs.parked.add(run);
		}
		return waits;
	}

	/**
	 * The body of a run has left, and the run ends.
	 * @param takes whether the calling thread, which is one of the pool's workers, goes
	 * on with another run at once
	 * @return that run, if there is one
	 */
	@Nullable JobRun<?> end(JobRun<?> run, boolean takes) {
		release(run);
		JobRun<?> next = takes ? takeQueued() : null;
		settle();
		if (takes && next == null) {
			next = this.workers.take();
		}
		if (next != null) {
			this.workers.handedOver();
		}
		return next;
	}

	/**
	 * Let the next run of the queue start on the calling thread at once, if none is ready
	 * that comes before it.
	 */
	private @Nullable JobRun<?> takeQueued() {
		JobRun<?> run = this.workers.ready().isEmpty() ? place() : null;
		if (run != null) {
			this.runs.active.start(run, false);
		}
		return run;
	}

	/**
	 * Hand out what has become free, and let spawners leave runs in the inbox as long as
	 * nothing is.
	 */
	void settle() {
		handOut();
		settleInbox();
	}

	/**
	 * Open or close the inbox, as the pool is now.
	 */
	void settleInbox() {
		boolean open = this.inbox.isOpen();
		if (open && !isSaturated()) {
			closeInbox();
			open = false;
			handOut();
		}
		if (!open && isSaturated()) {
			this.inbox.open(this.room.left());
		}
	}

	/**
	 * Take what is in the inbox to the queue. To be done before anybody looks at that;
	 * takes no room but what they have taken.
	 */
	void collect() {
		if (this.inbox.isOpen()) {
			enqueueAll(this.inbox.empty(this.room.left()));
		}
	}

	/**
	 * Give places to those who lent theirs, then to the queue; and room to blocked
	 * spawners.
	 */
	private void handOut() {
		this.places.settle();
		for (JobRun<?> run = place(); run != null; run = place()) {
			this.workers.ready(run);
		}
		if (this.room.isAwaited()) {
			this.room.settle((spawner) -> tryAdmit(spawner.run, spawner.entry));
		}
	}

	/**
	 * Give a free place to the next run of the queue.
	 * @return that run, or {@code null} if there is no place or no run
	 */
	private @Nullable JobRun<?> place() {
		if (this.places.free() == 0) {
			return null;
		}
		if (!this.runs.queue.isAnyNormal()) {
			// What is in the inbox goes before what has a lower priority.
			collect();
		}
		JobRun<?> run = this.runs.queue.poll();
		if (run != null) {
			this.room.giveBack(run);
			this.places.take(run);
		}
		return run;
	}

	/**
	 * Whether a run that comes now has to wait, and nobody has to be asked for that.
	 */
	private boolean isSaturated() {
		return this.places.areAllHeld() && !this.room.isAwaited() && this.admission.isOpen();
	}

	/**
	 * Take what is in the inbox to the queue, and let nothing more come. To be done
	 * before anything that may take room; {@link #settle} opens it again.
	 */
	void closeInbox() {
		if (this.inbox.isOpen()) {
			enqueueAll(this.inbox.close());
		}
	}

	private void enqueueAll(@Nullable JobRun<?> last) {
		JobRun<?> run = Inbox.inOrder(last);
		while (run != null) {
			JobRun<?> following = Inbox.following(run);
			this.room.take(run);
			enqueue(run);
			run = following;
		}
	}

	private boolean takeSlot(JobRun<?> run, Entry entry) {
		// A reservation may count on a free place too; a delay may not, for it is later.
		boolean reserves = entry.parked() && entry != Entry.DELAYED;
		return this.room.tryTake(run, reserves ? this.places.free() : 0);
	}

	private void enqueue(JobRun<?> run) {
		run.queued();
		this.runs.queue.add(run);
	}

}
