package io.backgroundjobs.engine;

import java.time.Instant;

/**
 * The one seam through which the engine sees and waits for time, so that a test can own
 * it. Thread-safe.
 *
 * @since 1.0.0
 */
public interface EngineClock {

	/**
	 * Return the time that intervals, delays and timeouts are measured by.
	 * @return nanoseconds since an arbitrary origin, never going back
	 * @see System#nanoTime()
	 */
	long nanoTime();

	/**
	 * Return the time of the wall clock, which may be corrected in either direction.
	 * @return the current instant
	 */
	Instant instant();

	/**
	 * Call a task of the engine later. The task is short and never runs a job's body.
	 * @param task the task
	 * @param delay nanoseconds from now; zero or less for at once, but never within this
	 * call
	 * @return the timer
	 */
	Timer schedule(Runnable task, long delay);

	/**
	 * Make an alarm, for a task that is called again and again. By default each of its
	 * times is a timer of its own.
	 * @param task the task, as of a timer
	 * @return an alarm that is not set
	 */
	default Alarm alarm(Runnable task) {
		return new TimerAlarm(this, task);
	}

	/**
	 * Begin to keep timers. Called before the first {@link #schedule}, and again after
	 * {@link #stop()}.
	 */
	default void start() {
	}

	/**
	 * Stop keeping timers; none is due any more.
	 */
	default void stop() {
	}

	/**
	 * A task that waits for its time.
	 */
	@FunctionalInterface
	interface Timer {

		/**
		 * Forget the task. Does nothing once it has been called.
		 */
		void cancel();

	}

	/**
	 * A task that is called again and again, each time when it has been told to.
	 * Thread-safe. A call that is under way when the alarm is set anew or cancelled comes
	 * nevertheless.
	 */
	interface Alarm {

		/**
		 * Call the task once, and not at the time that was set before.
		 * @param due when to call it: nanoseconds of the clock, at most 2^61 away; at
		 * once if that has passed, but never within this call
		 */
		void set(long due);

		/**
		 * Do not call the task. Does nothing if the alarm is not set.
		 */
		void cancel();

	}

}
