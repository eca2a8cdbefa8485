package io.backgroundjobs.engine;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that waits to get back the place that its run lent. It cannot be interrupted:
 * a body must not go on without its place.
 */
final class Reclaim {

	final JobRun<?> run;

	private final Thread thread = Thread.currentThread();

	private volatile boolean granted;

	Reclaim(JobRun<?> run) {
		this.run = run;
	}

	void grant() {
		this.granted = true;
		LockSupport.unpark(this.thread);
	}

	void await() {
		boolean interrupted = false;
		while (!this.granted) {
			LockSupport.park(this);
			interrupted |= Thread.interrupted();
		}
		if (interrupted) {
			this.thread.interrupt();
		}
	}

}
