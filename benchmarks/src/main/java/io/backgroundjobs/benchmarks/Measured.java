package io.backgroundjobs.benchmarks;

import jdk.jfr.Event;
import jdk.jfr.StackTrace;

/**
 * The part of a measurement that the readings are of, for a {@link FlightRecording}.
 * Where a measurement says nothing of the kind, all of it counts.
 */
@StackTrace(false)
final class Measured extends Event {

	static Measured begins() {
		Measured part = new Measured();
		part.begin();
		return part;
	}

	void ends() {
		commit();
	}

}
