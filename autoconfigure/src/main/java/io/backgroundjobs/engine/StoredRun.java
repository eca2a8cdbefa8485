package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;

/**
 * One attempt of {@link StoredWork}, which is its own owner: sees to it that whoever
 * keeps the work is told once what became of it. What it has beside a {@link JobRun} is
 * guarded by its monitor.
 */
final class StoredRun extends JobRun<@Nullable Object> implements RunOwner {

	private final String id;

	private final String idempotencyKey;

	private final Instant createdAt;

	private final int attemptsBefore;

	/** Dropped once it has been told. */
	private volatile @Nullable StoredWork work;

	private @Nullable Throwable attemptFailure;

	private @Nullable Departure departure;

	private boolean left;

	StoredRun(Venue venue, JobOptions options, StoredWork work) {
		super(venue, work.kind(), options.name(), options, (JobBody<@Nullable Object>) work::run);
		this.id = work.id();
		this.idempotencyKey = work.idempotencyKey();
		this.createdAt = work.createdAt();
		this.attemptsBefore = work.attemptsBefore();
		this.work = work;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String idempotencyKey() {
		return this.idempotencyKey;
	}

	@Override
	public Instant createdAt() {
		return this.createdAt;
	}

	@Override
	public int attempts() {
		return this.attemptsBefore + attemptsStarted();
	}

	@Override
	public int attempt() {
		return attempts();
	}

	@Override
	@Nullable RunOwner owner() {
		return (this.work != null) ? this : null;
	}

	@Override
	public void starting(JobRun<?> run) {
		StoredWork current = this.work;
		if (current != null) {
			current.started(this);
			Instant due = current.due();
			if (due != null) {
				engine().turns().late(this, Math.max(0, TickPlan.between(due, engine().clock().instant())));
			}
		}
	}

	@Override
	public synchronized void attemptFailed(JobRun<?> run, Throwable failure) {
		this.attemptFailure = failure;
	}

	@Override
	public void ended(JobRun<?> run, int phase, @Nullable Object value) {
		Departure ended;
		if (phase == Phase.CANCELLED && Drain.REASON.equals(value)) {
			ended = handedBack();
		}
		else {
			boolean failed = phase == Phase.FAILED || phase == Phase.TIMED_OUT;
			JobOutcome outcome = Phase.outcome(phase);
			ended = new Departure.Ended((outcome != null) ? outcome : JobOutcome.CANCELLED,
					failed ? (Throwable) value : null);
		}
		depart(ended, false);
	}

	@Override
	public void left(JobRun<?> run) {
		depart(null, true);
	}

	@Override
	public boolean waitsElsewhere() {
		StoredWork current = this.work;
		return current != null && current.retriesElsewhere();
	}

	@Override
	public void goesElsewhere(JobRun<?> run, long delay) {
		Throwable failure;
		synchronized (this) {
			failure = this.attemptFailure;
		}
		if (failure == null) {
			throw new IllegalStateException("No attempt has failed");
		}
		depart(new Departure.Again(failure, Duration.ofNanos(delay)), true);
	}

	/**
	 * The shutdown ended it. An attempt that had failed before, and whose body was still
	 * inside, counts.
	 */
	private synchronized Departure handedBack() {
		StoredWork current = this.work;
		boolean counts = current != null && current.retriesElsewhere();
		return (counts && this.attemptFailure != null) ? new Departure.Again(this.attemptFailure, Duration.ZERO)
				: new Departure.HandedBack();
	}

	private void depart(@Nullable Departure ended, boolean gone) {
		StoredWork told;
		Departure how;
		synchronized (this) {
			this.departure = (this.departure != null) ? this.departure : ended;
			this.left |= gone;
			how = this.departure;
			told = (this.left && how != null) ? this.work : null;
			if (told != null) {
				this.work = null;
			}
		}
		if (told != null && how != null) {
			told.departed(how);
		}
	}

}
