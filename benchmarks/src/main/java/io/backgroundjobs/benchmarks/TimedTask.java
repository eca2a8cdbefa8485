package io.backgroundjobs.benchmarks;

import java.util.concurrent.FutureTask;

/**
 * A future that knows when it was handed over, began and ended: what an application adds
 * to an executor that wants to see what it does.
 */
final class TimedTask extends FutureTask<Void> {

	private final long created = System.nanoTime();

	private volatile long started;

	private volatile long ended;

	TimedTask(Runnable work) {
		super(work, null);
	}

	@Override
	public void run() {
		this.started = System.nanoTime();
		super.run();
	}

	@Override
	protected void done() {
		this.ended = System.nanoTime();
	}

	@Override
	public String toString() {
		return "TimedTask[waited " + (this.started - this.created) + " ns, took " + (this.ended - this.started)
				+ " ns]";
	}

}
