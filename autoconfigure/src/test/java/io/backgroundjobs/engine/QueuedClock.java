package io.backgroundjobs.engine;

import java.time.Instant;

/**
 * A test's clock whose alarms hang on one timer, as those of the real one do.
 */
final class QueuedClock implements EngineClock {

	private final ManualClock manual;

	private final AlarmQueue alarms = new AlarmQueue(this);

	QueuedClock(ManualClock manual) {
		this.manual = manual;
	}

	@Override
	public long nanoTime() {
		return this.manual.nanoTime();
	}

	@Override
	public Instant instant() {
		return this.manual.instant();
	}

	@Override
	public Timer schedule(Runnable task, long delay) {
		return this.manual.schedule(task, delay);
	}

	@Override
	public Alarm alarm(Runnable task) {
		return this.alarms.alarm(task);
	}

}
