package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

/**
 * An alarm each of whose times is a timer of its clock. Guarded by its monitor.
 */
final class TimerAlarm implements EngineClock.Alarm {

	private final EngineClock clock;

	private final Runnable task;

	private EngineClock.@Nullable Timer timer;

	TimerAlarm(EngineClock clock, Runnable task) {
		this.clock = clock;
		this.task = task;
	}

	@Override
	public synchronized void set(long due) {
		cancel();
		this.timer = this.clock.schedule(this.task, Math.max(0, due - this.clock.nanoTime()));
	}

	@Override
	public synchronized void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
