package io.backgroundjobs.engine;

/**
 * A test's clock whose alarms hang on one timer, as those of the real one do.
 */
final class QueuedClock extends DelegatingClock {

	private final AlarmQueue alarms = new AlarmQueue(this);

	QueuedClock(ManualClock manual) {
		super(manual);
	}

	@Override
	public Alarm alarm(Runnable task) {
		return this.alarms.alarm(task);
	}

}
