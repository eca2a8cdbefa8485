package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import io.backgroundjobs.JobKind;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.engine.Admissions.State;
import io.backgroundjobs.engine.Drain.Bounds;

/**
 * The steps of one drain, taken by the thread that stops the scheduler: lets jobs finish
 * within the bounds, cancels the rest, and lets those leave. The order stands in
 * docs/concurrency.md.
 */
final class DrainSteps {

	/** How often is looked for threads that end the JVM, for they tell nobody. */
	private static final long EXIT_LOOK = TimeUnit.SECONDS.toNanos(1);

	private final Drain drain;

	private final Admissions admissions;

	private final EngineClock clock;

	private final Bounds bounds;

	private final Collection<? extends Venue> venues;

	/** Live background loops, which do not end by themselves. */
	private final Collection<LoopTask> loops;

	private boolean loopsClosed;

	/** How many ends are told of by threads that end the JVM. */
	private int exitingTellers;

	DrainSteps(Drain drain, Admissions admissions, EngineClock clock, Bounds bounds, Collection<? extends Venue> venues,
			Collection<LoopTask> loops) {
		this.drain = drain;
		this.admissions = admissions;
		this.clock = clock;
		this.bounds = bounds;
		this.venues = venues;
		this.loops = loops;
	}

	/**
	 * Take all steps.
	 * @param begin when the drain began; nanoseconds of the clock
	 * @return the runs whose bodies have not left
	 */
	List<JobRun<?>> take(long begin) {
		pools().forEach((pool) -> {
			pool.rejectBlocked(RejectionReason.SHUTTING_DOWN, (spawner) -> !spawner.belongsToDrain);
			// What the context's pause has held back was accepted, and finishes.
			pool.hold(false, begin);
		});
		try {
			finish(begin + this.bounds.waiting());
			this.admissions.state(State.CLOSING);
			pools().forEach((pool) -> pool.rejectBlocked(RejectionReason.SHUTTING_DOWN, (spawner) -> true));
			close(begin + this.bounds.shielded());
		}
		finally {
			this.admissions.state(State.CLOSED);
		}
		return live();
	}

	/**
	 * Let what is pending or running finish, and what that spawns. A body that is left
	 * behind has had its time.
	 */
	private void finish(long deadline) {
		await(() -> {
			dropWhatCannotStart();
			if (!this.loopsClosed && !this.loops.isEmpty() && isDone(this.loops.size())) {
				// Only loops are left: what they were there for has been done.
				this.loopsClosed = true;
				stop(DrainSteps::isLoop, false);
			}
			return isDone(0);
		}, deadline);
	}

	/**
	 * Drop or cancel what is not shielded, wait for what is, and cancel that as well when
	 * its time is over.
	 */
	private void close(long shieldDeadline) {
		stop((run) -> !run.isShielded(), false);
		await(() -> !isAnyAlive(), shieldDeadline);
		if (isAnyAlive()) {
			stop((run) -> true, true);
		}
		// From here on: the last one may have been interrupted just now, by its
		// timeout or at the end of its shielded region.
		await(this::isQuiet, closeDeadline());
		// What was awaited longest has not told yet, perhaps.
		await(this::isTold, closeDeadline());
	}

	private long closeDeadline() {
		return this.clock.nanoTime() + this.bounds.closing();
	}

	private void stop(Predicate<JobRun<?>> which, boolean override) {
		Predicate<JobRun<?>> stopped = (run) -> which.test(run) && !this.drain.isCaller(run);
		// Before any place becomes free that they could take.
		for (Venue venue : this.venues) {
			venue.withdrawAll(stopped).forEach((run) -> Ending.settleWithdrawn(run, Drain.REASON, Teller.IN_TURN));
		}
		live().stream().filter(stopped).forEach((run) -> Ending.stop(run, Drain.REASON, override, Teller.IN_TURN));
	}

	/**
	 * Drop what is for later, what waits for another attempt, and what a paused pool
	 * holds back; of shielded jobs only what cannot come in time.
	 */
	private void dropWhatCannotStart() {
		for (Venue venue : this.venues) {
			for (JobRun<?> run : venue.parked()) {
				Long due = run.timerDue();
				if (due != null && this.drain.drops(run, due)) {
					Ending.dropPending(run, Drain.REASON, Teller.IN_TURN);
				}
			}
			for (JobRun<?> run : venue.heldBack()) {
				if (!run.isShielded()) {
					Ending.dropPending(run, Drain.REASON, Teller.IN_TURN);
				}
			}
			for (JobRun<?> run : venue.leftBehind()) {
				Long due = Retrying.due(run);
				if (due != null && this.drain.drops(run, due)) {
					Ending.stop(run, Drain.REASON, false, Teller.IN_TURN);
				}
			}
		}
	}

	/**
	 * Whether nothing is left to be done, by anybody but those who wait for this drain
	 * and some loops.
	 * @param loopsLeft how many loops may go on
	 */
	private boolean isDone(int loopsLeft) {
		long endings = endings();
		boolean done = isNearlyQuiet(loopsLeft) && live().stream()
			.allMatch((run) -> Phase.isEnded(run.phase()) || (loopsLeft > 0 && isLoop(run)) || this.drain.isCaller(run))
				&& isTold();
		// The venues were looked at one after the other: a run that left one
		// meanwhile may have spawned into another.
		return done && endings == endings();
	}

	/**
	 * Whether all have left but those who wait for this drain.
	 */
	private boolean isQuiet() {
		return isNearlyQuiet(0) && live().stream().allMatch(this.drain::isCaller) && isTold();
	}

	/**
	 * Whether so few are on their way that they can be looked at one by one.
	 */
	private boolean isNearlyQuiet(int loopsLeft) {
		int busy = this.venues.stream().mapToInt(Venue::busy).sum();
		return busy <= this.drain.callers() + this.exitingTellers + loopsLeft;
	}

	/**
	 * Whether all who must know of an end do.
	 */
	private boolean isTold() {
		int telling = this.venues.stream().mapToInt(Venue::telling).sum();
		return telling <= this.drain.tellingCallers() + this.exitingTellers && this.drain.isSettled();
	}

	private long endings() {
		return this.drain.endings() + this.venues.stream().mapToLong(Venue::departures).sum();
	}

	private boolean isAnyAlive() {
		return live().stream().anyMatch((run) -> !Phase.isEnded(run.phase()) && !this.drain.isCaller(run));
	}

	private static boolean isLoop(JobRun<?> run) {
		return run.kind() == JobKind.BACKGROUND;
	}

	private List<JobRun<?>> live() {
		List<JobRun<?>> runs = new ArrayList<>();
		this.venues.forEach((venue) -> runs.addAll(venue.live()));
		return runs;
	}

	private List<Pool> pools() {
		return this.venues.stream().filter(Pool.class::isInstance).map(Pool.class::cast).toList();
	}

	/**
	 * Wait until a condition holds or the time is over. Asked again whenever a run
	 * leaves. An interrupt does not end the drain: its bounds do.
	 */
	private void await(BooleanSupplier condition, long deadline) {
		Changes changes = this.drain.changes();
		EngineClock.Timer timer = this.clock.schedule(changes::signal, Math.max(0, deadline - this.clock.nanoTime()));
		boolean interrupted = false;
		try {
			long seen = changes.count();
			excuse();
			while (!condition.getAsBoolean()) {
				long remaining = deadline - this.clock.nanoTime();
				if (remaining <= 0) {
					return;
				}
				interrupted |= changes.await(seen, Math.min(remaining, EXIT_LOOK));
				if (changes.count() == seen) {
					excuse();
				}
				seen = changes.count();
			}
		}
		finally {
			timer.cancel();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Do not wait for threads that wait for the end of the JVM, and so for this drain,
	 * nor for those that wait for the jobs of such threads.
	 */
	private void excuse() {
		if (JvmExit.isUnderWay()) {
			for (JobRun<?> run : live()) {
				Thread thread = run.runner();
				if (thread != null && JvmExit.isAwaitedBy(thread)) {
					this.drain.addCaller(run);
				}
			}
			this.exitingTellers = isTold() ? this.exitingTellers : JvmExit.countCallers(Ending.class, "tell");
		}
		if (this.drain.hasCallers()) {
			this.drain.addAwaiting(live());
		}
	}

}
