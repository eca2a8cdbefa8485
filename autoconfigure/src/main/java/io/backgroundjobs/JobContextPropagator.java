package io.backgroundjobs;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Carries what is bound to the spawning thread over to the thread that runs the job.
 * Thread-safe.
 *
 * @since 1.0.0
 */
public interface JobContextPropagator {

	/**
	 * Capture what is bound to the calling thread. Called at each spawn, not for ticks.
	 * @return what was captured, or {@code null} for nothing
	 */
	@Nullable Object capture();

	/**
	 * Bind what was captured to the calling thread. Called before each attempt, for ticks
	 * too.
	 * @param captured what {@link #capture()} returned; {@code null} binds an empty
	 * context, so that nothing is seen of the job before
	 * @param job the job that is about to run
	 * @return closed after the attempt, on the same thread; restores what was bound
	 * before
	 */
	Scope open(@Nullable Object captured, Job<?> job);

	/**
	 * Write what is bound to the calling thread as texts that another process can bind.
	 * Called when a durable job is spawned.
	 * @param carrier takes the texts; other propagators write to it too
	 */
	default void inject(Map<String, String> carrier) {
	}

	/**
	 * Read what a process has written.
	 * @param carrier the texts of all propagators
	 * @return what {@link #capture()} would have returned there, or {@code null} for
	 * nothing
	 */
	default @Nullable Object extract(Map<String, String> carrier) {
		return null;
	}

	/**
	 * What is bound, until it is closed.
	 */
	interface Scope extends AutoCloseable {

		@Override
		void close();

	}

}
