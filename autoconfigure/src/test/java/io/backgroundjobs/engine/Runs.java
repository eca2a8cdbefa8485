package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.List;

import io.backgroundjobs.JobKind;

/**
 * Makes runs without an engine.
 */
final class Runs {

	private Runs() {
	}

	/**
	 * Make what a venue needs.
	 */
	static Surroundings engine(EngineClock clock) {
		Admissions admissions = new Admissions();
		admissions.state(Admissions.State.OPEN);
		Drain drain = new Drain(admissions, clock, new Drain.Bounds(0, 0, 0));
		return new Surroundings(clock, new WallTimes(clock), new JobIds(), new Turns(List.of(), List.of(), List.of()),
				new Contexts(List.of(), null), new Couriers(Duration.ofMillis(1)), drain, new Diagnosis(), 1);
	}

	static JobRun<?> of(Venue venue, Runnable body) {
		return new JobRun<>(venue, JobKind.SPAWNED, "run", null, body);
	}

}
