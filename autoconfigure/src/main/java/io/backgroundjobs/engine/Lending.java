package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobContextHolder;

/**
 * What a thread of a pool lends while it waits for another job, so that the job it waits
 * for can run.
 */
final class Lending implements AutoCloseable {

	private final Pool pool;

	private final JobRun<?> run;

	private final boolean place;

	private Lending(Pool pool, JobRun<?> run) {
		this.pool = pool;
		this.run = run;
		this.place = pool.lend(run);
	}

	/**
	 * Lend what the calling thread has.
	 * @return to be closed when the wait is over; {@code null} if the thread has nothing
	 * to lend
	 */
	static @Nullable Lending begin() {
		if (!(JobContextHolder.getContext() instanceof JobRun<?> inner)) {
			return null;
		}
		// A job that runs on its caller's thread has nothing, but its caller may.
		JobRun<?> run = inner.outermost();
		boolean ownThread = run.runner() == Thread.currentThread();
		return (ownThread && !run.isOnCaller() && run.venue() instanceof Pool pool) ? new Lending(pool, run) : null;
	}

	@Override
	public void close() {
		this.pool.reclaim(this.run, this.place);
	}

}
