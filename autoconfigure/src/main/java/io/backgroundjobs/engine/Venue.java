package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where runs take place. Owns the lists that its runs are linked in, and with them the
 * right to take back a run that has not started.
 */
interface Venue {

	String name();

	/**
	 * Return the running time of an attempt that says nothing else.
	 */
	@Nullable Duration timeout();

	/**
	 * Take back a run that no thread has taken.
	 * @return whether the caller owns the run now, and must settle it
	 */
	boolean withdraw(JobRun<?> run);

	/**
	 * A parked run is due: let it queue. Does nothing if the run was withdrawn.
	 */
	void due(JobRun<?> run);

	/**
	 * The body has left, and no attempt follows. Does nothing if it had left before.
	 * @param takes whether the calling thread is one of the venue's own, and takes its
	 * next run in the same step
	 * @return that run, if there is one
	 */
	@Nullable JobRun<?> leave(JobRun<?> run, boolean takes);

	/**
	 * The body has left, and another attempt follows.
	 * @return whether the run is parked again; {@code false} if somebody settles it, and
	 * it has not left
	 */
	boolean leaveToWait(JobRun<?> run);

	/**
	 * The outcome was set while the body is inside.
	 */
	void overrun(JobRun<?> run);

	/**
	 * Count the threads that tell listeners about a run that has left.
	 */
	void telling(int change);

	/**
	 * Return how many threads tell listeners about a run of this venue.
	 */
	int telling();

	/**
	 * Return how many runs are queued, running or being told about; parked ones are not,
	 * nor are bodies that are left behind.
	 */
	int busy();

	/**
	 * Whether nothing goes on here. What waits for its time, what is held back, loops,
	 * and bodies that ignore their interrupt are nothing that goes on.
	 */
	boolean isIdle();

	/**
	 * Return the runs that wait for a time or for another run.
	 */
	List<JobRun<?>> parked();

	/**
	 * Return the runs that wait for a place and get none, because starting is paused.
	 */
	List<JobRun<?>> heldBack();

	/**
	 * Return the runs whose attempt is over while the body is inside.
	 */
	List<JobRun<?>> leftBehind();

	/**
	 * Return all runs that have not left.
	 */
	List<JobRun<?>> live();

}
