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

	static JobRun<?> of(Venue venue, EngineClock clock, Runnable body) {
		Admissions admissions = new Admissions();
		admissions.state(Admissions.State.OPEN);
		Drain drain = new Drain(admissions, clock, new Drain.Bounds(0, 0, 0));
		Surroundings engine = new Surroundings(clock, new WallTimes(clock), new JobIds(),
				new Turns(List.of(), List.of(), List.of()), new Contexts(List.of(), null),
				new Couriers(Duration.ofMillis(1)), new History(0), drain, new Diagnosis(), 1);
		return new JobRun<>(engine, venue, JobKind.SPAWNED, "run", null, body);
	}

}
