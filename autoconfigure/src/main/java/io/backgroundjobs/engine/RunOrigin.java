package io.backgroundjobs.engine;

import java.time.Instant;

import io.backgroundjobs.JobKind;

/**
 * What a {@link JobRun} is from its creation on, and stays: where it takes place, what it
 * is called, and when it came.
 */
@SuppressWarnings("EnumOrdinal") // of a kind, which does not outlive the process
abstract class RunOrigin {

	private static final JobKind[] KINDS = JobKind.values();

	private final Venue venue;

	private final String name;

	private final WallTime wallTime;

	private final long number;

	private final long createdNanos;

	/** The ordinal of the kind, which takes a quarter of the room of a reference. */
	private final byte kind;

	RunOrigin(Venue venue, JobKind kind, String name) {
		this.venue = venue;
		this.kind = (byte) kind.ordinal();
		this.name = name;
		Surroundings engine = venue.engine();
		this.number = engine.ids().next();
		this.createdNanos = engine.clock().nanoTime();
		this.wallTime = engine.wallTimes().at(this.createdNanos);
	}

	Venue venue() {
		return this.venue;
	}

	Surroundings engine() {
		return this.venue.engine();
	}

	String jobName() {
		return this.name;
	}

	JobKind jobKind() {
		return KINDS[this.kind];
	}

	long number() {
		return this.number;
	}

	long createdNanos() {
		return this.createdNanos;
	}

	Instant created() {
		return instant(this.createdNanos);
	}

	/**
	 * Return what the wall clock says of a time of the run.
	 * @param nanos nanoseconds of the clock
	 */
	Instant instant(long nanos) {
		return this.wallTime.at(nanos);
	}

}
