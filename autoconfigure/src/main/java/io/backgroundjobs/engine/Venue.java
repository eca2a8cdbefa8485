package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Where runs take place. Owns the lists that its runs are linked in, and with them the
 * right to take back a run that has not started.
 */
interface Venue {

	String name();

	/**
	 * Return what all runs of the engine need.
	 */
	Surroundings engine();

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
	 * Take back all runs of a kind that no thread has taken, in one step.
	 * @return those that the caller owns now, and must settle
	 */
	List<JobRun<?>> withdrawAll(Predicate<JobRun<?>> which);

	/**
	 * A parked run is due: let it queue. Does nothing if the run was withdrawn.
	 */
	void due(JobRun<?> run);

	/**
	 * A run ends as its body has left: remember it, and give back what it holds.
	 * @param worker the calling thread, if it is one of the venue's own: it shows the end
	 * of the run afterwards, and says so
	 * @param takes whether that worker takes its next run in the same step
	 * @return that run, if there is one
	 */
	@Nullable JobRun<?> end(JobRun<?> run, @Nullable Worker worker, boolean takes);

	/**
	 * The body has left that stayed inside when the run ended.
	 */
	void leave(JobRun<?> run);

	/**
	 * A run ends that no thread has taken, or whose body is still inside.
	 */
	void remember(JobRun<?> run);

	/**
	 * Add the runs that ended last to a list, the latest first.
	 */
	void addHistory(List<JobRun<?>> runs);

	/**
	 * Return how many runs have ended with {@link #end} and a worker.
	 */
	long departures();

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
	 * Return how many threads tell listeners about a run of this venue, or are about to
	 * show its end.
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
