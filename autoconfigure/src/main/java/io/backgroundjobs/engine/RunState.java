package io.backgroundjobs.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;

/**
 * What changes of a {@link JobRun}, and the moves between its phases. A class of its own
 * only so that what the engine does to a run stands apart from what a run shows to
 * others: both are one object. What guards which field stands in docs/concurrency.md.
 */
abstract class RunState extends RunOrigin {

	static final byte NOTHING = 0;

	/** A share of the room for pending runs. */
	static final byte SLOT = 1;

	static final byte PLACE = 2;

	private static final VarHandle PHASE;

	private static final VarHandle ATTEMPTS;

	private static final VarHandle RUNNER;

	private static final VarHandle WAITERS;

	static {
		try {
			PHASE = MethodHandles.lookup().findVarHandle(RunState.class, "phase", int.class);
			ATTEMPTS = MethodHandles.lookup().findVarHandle(RunState.class, "attempts", int.class);
			RUNNER = MethodHandles.lookup().findVarHandle(RunState.class, "runner", Thread.class);
			WAITERS = MethodHandles.lookup().findVarHandle(RunState.class, "waiters", Waiter.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** Dropped at the end, as is the context. */
	private volatile @Nullable JobOptions options;

	/** The body, and from the end on the result. */
	private @Nullable Object content;

	/** With an observer, written again under the monitor as each attempt starts. */
	@Nullable Object captured;

	// Guarded by the venue's lock.

	/** The chunk of the list that the run is in; in an inbox what lies below it. */
	@Nullable Object position;

	/** How many runs may follow it into an inbox. */
	short roomBehind;

	/** What it has of its venue: {@link #NOTHING}, {@link #SLOT} or {@link #PLACE}. */
	byte holds;

	// The state.

	private volatile int phase = Phase.NEW;

	private volatile int attempts;

	/** The thread that carries the run out; set before the phase is RUNNING. */
	private volatile @Nullable Thread runner;

	/** Written before {@link #attempts}. */
	private long startedNanos;

	/** Written, as the result, by whoever moved the phase to SETTLING, before the end. */
	private long endedNanos;

	/** Unlinked under the monitor. */
	private volatile @Nullable Waiter waiters;

	/** Made under the monitor. */
	private volatile @Nullable Extras extras;

	RunState(Venue venue, JobKind kind, String name, @Nullable JobOptions options, Object body) {
		super(venue, kind, name);
		this.options = options;
		this.content = body;
	}

	int attemptsStarted() {
		return this.attempts;
	}

	@Nullable Instant started() {
		return (this.attempts > 0) ? instant(this.startedNanos) : null;
	}

	@Nullable Instant ended() {
		return Phase.isEnded(this.phase) ? instant(this.endedNanos) : null;
	}

	@Nullable JobOptions options() {
		return this.options;
	}

	boolean isOnCaller() {
		Extras current = this.extras;
		return current != null && current.onCaller;
	}

	boolean isOverrunning() {
		Extras current = this.extras;
		return current != null && current.overrunning;
	}

	int priority() {
		JobOptions current = this.options;
		return (current != null) ? current.priority() : 0;
	}

	boolean isShielded() {
		JobOptions current = this.options;
		return current != null && current.isShielded();
	}

	int phase() {
		return this.phase;
	}

	@Nullable Thread runner() {
		return this.runner;
	}

	void runner(@Nullable Thread thread) {
		this.runner = thread;
	}

	/**
	 * A thread is done with the run; another one may carry out its next attempt already.
	 */
	void forgetRunner(Thread thread) {
		if (Phase.isEnded(this.phase)) {
			RUNNER.setRelease(this, null);
		}
		else {
			RUNNER.compareAndSet(this, thread, null);
		}
	}

	Extras extras() {
		Extras current = this.extras;
		if (current == null) {
			synchronized (this) {
				current = this.extras;
				if (current == null) {
					current = new Extras();
					this.extras = current;
				}
			}
		}
		return current;
	}

	@Nullable Extras extrasIfAny() {
		return this.extras;
	}

	@Nullable RunOwner owner() {
		Extras current = this.extras;
		return (current != null) ? current.owner : null;
	}

	/**
	 * Return when the timer of the run fires.
	 * @return nanoseconds of the clock, or {@code null} if it has none
	 */
	@Nullable Long timerDue() {
		Extras current = this.extras;
		if (current == null) {
			return null;
		}
		synchronized (this) {
			return (current.timer != null) ? current.timerDue : null;
		}
	}

	/**
	 * Move to another phase, if the run is in the expected one.
	 */
	boolean move(int from, int to) {
		return PHASE.compareAndSet(this, from, to);
	}

	/**
	 * The venue, under its lock, parks the run.
	 */
	void parked(Entry entry) {
		show(entry.behind() ? Phase.QUEUED : Phase.WAITING);
	}

	/**
	 * The venue, under its lock, lets the run wait for a place or a thread.
	 */
	void queued() {
		if (this.attempts > 0 || this.phase == Phase.WAITING || this.phase == Phase.QUEUED) {
			extras().due = engine().clock().nanoTime();
		}
		show(Phase.QUEUED);
	}

	/**
	 * The venue, under its lock, hands the run to the calling thread.
	 */
	void handedOver() {
		// Whoever moves the phase on finds the thread to interrupt, without a fence.
		RUNNER.setOpaque(this, Thread.currentThread());
		show(Phase.RUNNING);
	}

	/**
	 * Set the phase where nobody else may: what was written before is seen with it, and
	 * no fence is paid for what follows.
	 */
	private void show(int newPhase) {
		PHASE.setRelease(this, newPhase);
	}

	/**
	 * The thread that was handed the run is about to enter the body.
	 * @param now nanoseconds of the clock
	 * @return how long the run waited since it was due, in nanoseconds, or -1 if the run
	 * was settled meanwhile
	 */
	long enter(long now) {
		if (this.phase != Phase.RUNNING) {
			return -1;
		}
		int attempt = this.attempts + 1;
		if (attempt == 1) {
			// The time may have been read before the run came.
			this.startedNanos = (now - createdNanos() < 0) ? createdNanos() : now;
		}
		else {
			extras().attemptNanos = now;
		}
		ATTEMPTS.setRelease(this, attempt);
		return waited(now);
	}

	/**
	 * Return how long the run has waited since it was due.
	 */
	long waited(long now) {
		Extras current = this.extras;
		long due = (current != null && current.due != Extras.AT_CREATION) ? current.due : createdNanos();
		return Math.max(0, now - due);
	}

	/**
	 * Return when the first attempt began. There must have been one.
	 */
	long startedNanos() {
		return this.startedNanos;
	}

	/**
	 * Set the outcome, and let others see it.
	 * @return whether whoever started the run gets a failure in any case
	 */
	boolean publish(int ended, @Nullable Object value) {
		Extras current = this.extras;
		this.content = value;
		show(ended);
		if (this.options != null) {
			this.options = null;
		}
		return current != null && current.failureTaken;
	}

	long endedNanos() {
		return this.endedNanos;
	}

	void ending(long now) {
		this.endedNanos = now;
	}

	/**
	 * Return how long the attempts ran together, as far as is known now.
	 */
	long ran(long now) {
		if (this.attempts == 0) {
			return 0;
		}
		Extras current = this.extras;
		if (current == null || current.attemptNanos == Extras.FIRST_ATTEMPT) {
			return now - this.startedNanos;
		}
		long attempt = current.attemptNanos;
		return current.ranBefore + ((attempt != Extras.BETWEEN_ATTEMPTS) ? now - attempt : 0);
	}

	/**
	 * The body has left, and another attempt follows.
	 */
	void attemptOver(long now) {
		Extras current = extras();
		current.ranBefore = ran(now);
		current.attemptNanos = Extras.BETWEEN_ATTEMPTS;
	}

	/**
	 * The venue, under its lock, asks whether the run waits for another attempt.
	 */
	boolean waitAgain() {
		return move(Phase.RETRYING, Phase.WAITING);
	}

	void dropBody() {
		this.content = null;
		this.captured = null;
	}

	/**
	 * Keep of the extras what a record needs, once the run has ended and left. Called by
	 * both, who sets the outcome and who leaves; whoever comes second drops.
	 * @return whether this was the second
	 */
	boolean dropExtras(boolean gone) {
		Extras current = this.extras;
		if (current == null) {
			return gone;
		}
		synchronized (this) {
			boolean drops = Phase.isEnded(this.phase) && (gone || current.left);
			if (drops) {
				current.drop();
			}
			return drops;
		}
	}

	/**
	 * Return the body of a run that has not ended.
	 */
	@Nullable Object body() {
		return this.content;
	}

	/**
	 * Return the result, the failure or the reason of a run that has ended.
	 */
	@Nullable Object result() {
		return this.content;
	}

	/**
	 * Return the list that the run is in.
	 */
	@Nullable RunList list() {
		return (this.position instanceof RunList.Chunk chunk) ? chunk.list() : null;
	}

	@Nullable Waiter waiters() {
		return this.waiters;
	}

	boolean moveWaiters(@Nullable Waiter from, @Nullable Waiter to) {
		return WAITERS.compareAndSet(this, from, to);
	}

	/**
	 * Let nobody be added any more.
	 * @return those who wait
	 */
	@Nullable Waiter closeWaiters() {
		return (Waiter) WAITERS.getAndSet(this, Waiter.CLOSED);
	}

}
