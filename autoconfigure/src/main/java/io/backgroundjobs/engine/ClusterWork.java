package io.backgroundjobs.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A periodic job of all instances, as what they share sees it.
 *
 * @since 1.0.0
 */
public interface ClusterWork {

	/**
	 * Return the name of the job, which is the same on all instances.
	 * @return the name
	 */
	String name();

	/**
	 * Return the pool that it runs in.
	 * @return the name of a pool
	 */
	String pool();

	/**
	 * Return its priority among what is due.
	 * @return the priority; higher goes first
	 */
	int priority();

	/**
	 * Return when a job is due that no instance has known so far.
	 * @return the first instant
	 */
	Instant first();

	/**
	 * Return when a job is due that other instances, or earlier ones, have known: theirs
	 * may have been another schedule.
	 * @param due when it is due as they have left it
	 * @return that, or another instant
	 */
	Instant due(Instant due);

	/**
	 * This instance has got a tick: carry it out. Returns when the run has left.
	 * @param position where the job stands
	 * @param started called once when the run has its place, or never will
	 * @return where it goes on, or {@code null} if another instance has to begin anew
	 * @throws InterruptedException if the instance does not wait for the run any more
	 */
	@Nullable ClusterStep carry(ClusterPosition position, Runnable started) throws InterruptedException;

	/**
	 * The other instances know how a job goes on that {@link #carry} was called for.
	 * @param position where it stood
	 * @param step what {@link #carry} returned
	 */
	void accounted(ClusterPosition position, ClusterStep step);

	/**
	 * Tell where the job stands.
	 * @param due the instant that is due next or is being carried out
	 * @param runningOn the instance that carries it out, or {@code null} if none does
	 */
	void stands(Instant due, @Nullable String runningOn);

}
