package io.backgroundjobs.engine;

import java.time.Instant;

/**
 * What the wall clock said at one moment of the other clock. Shared by the runs that are
 * created at about that time: each can tell its times by it, which then never contradict
 * each other, whatever becomes of the wall clock.
 *
 * @param nanos nanoseconds of the clock
 * @param instant what the wall clock said then
 */
record WallTime(long nanos, Instant instant) {

	/**
	 * Return the instant of another moment.
	 * @param moment nanoseconds of the clock
	 */
	Instant at(long moment) {
		return this.instant.plusNanos(moment - this.nanos);
	}

}
