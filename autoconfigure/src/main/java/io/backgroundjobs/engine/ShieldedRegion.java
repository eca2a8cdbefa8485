package io.backgroundjobs.engine;

import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/**
 * A part of a body that is not interrupted half-way. Who wants to end the run meanwhile
 * leaves a note, which the region's end acts upon.
 */
final class ShieldedRegion {

	private ShieldedRegion() {
	}

	static <V extends @Nullable Object> V call(JobRun<?> run, Callable<V> work) throws Exception {
		if (run.runner() != Thread.currentThread()) {
			throw new IllegalStateException("JobContext.shield() of job '" + run.name()
					+ "' must be called on the thread that runs its body, not on '" + Thread.currentThread().getName()
					+ "'");
		}
		boolean interrupted = enter(run);
		try {
			return work.call();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
			exit(run);
		}
	}

	/**
	 * Return whether the run is in such a region. Called with the run's monitor held.
	 */
	static boolean contains(JobRun<?> run) {
		Extras extras = run.extrasIfAny();
		return extras != null && extras.regions > 0;
	}

	/**
	 * Leave a note to be acted upon when the region ends. Called with the run's monitor
	 * held.
	 * @return whether this is the first note, which is the one that counts
	 */
	static boolean defer(JobRun<?> run, Runnable note) {
		Extras extras = run.extras();
		if (extras.deferred != null) {
			return false;
		}
		extras.deferred = note;
		return true;
	}

	/**
	 * Enter, and keep an interrupt that came before from reaching the work.
	 */
	private static boolean enter(JobRun<?> run) {
		synchronized (run) {
			run.extras().regions++;
			return Thread.interrupted();
		}
	}

	private static void exit(JobRun<?> run) {
		Runnable note = null;
		synchronized (run) {
			Extras extras = run.extras();
			extras.regions--;
			if (extras.regions == 0) {
				note = extras.deferred;
				extras.deferred = null;
			}
		}
		if (note != null) {
			note.run();
		}
	}

}
