package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.backgroundjobs.engine.Drain.Bounds;

/**
 * The parts of an engine, put together as its builder says.
 *
 * @param admissions the state of the whole
 * @param drain ends it
 * @param surroundings what runs need
 * @param pools the pools by their names
 * @param callers runs on the threads of those who started them
 * @param executors runs on executors of the application's own
 * @param spawning the way of a spawn
 */
record EngineParts(Admissions admissions, Drain drain, Surroundings surroundings, Map<String, Pool> pools,
		Outside callers, TargetExecutors executors, Spawning spawning) {

	static EngineParts of(JobEngineBuilder settings) {
		EngineClock clock = (settings.clock != null) ? settings.clock
				: new TaskSchedulerClock(settings.taskScheduler, settings.keepAlive);
		Admissions admissions = new Admissions();
		Drain drain = new Drain(admissions, clock, new Bounds(Waiting.nanos(settings.waitTimeout),
				Waiting.nanos(settings.shieldTimeout), Waiting.nanos(settings.closeTimeout)));
		Surroundings surroundings = new Surroundings(clock, new WallTimes(clock), new JobIds(),
				new Turns(settings.listeners, settings.recorders, settings.exceptionHandlers),
				new Contexts(settings.propagators, settings.observer), new Couriers(settings.keepAlive),
				new History(settings.historySize), drain, new Diagnosis(), Waiting.nanos(settings.closeTimeout));
		Map<String, Pool> pools = new LinkedHashMap<>();
		settings.pools.forEach((name, spec) -> pools.put(name, new Pool(spec, admissions,
				WorkerThreads.of(spec, settings.preferVirtualThreads), settings.keepAlive, clock)));
		return new EngineParts(admissions, drain, surroundings, pools, new Outside("caller", admissions),
				new TargetExecutors(admissions, surroundings.couriers()),
				new Spawning(surroundings, pools, settings.overrides, settings.commitHook));
	}

	/**
	 * Return all venues.
	 */
	List<Venue> venues() {
		List<Venue> venues = new ArrayList<>(this.pools.values());
		venues.add(this.callers);
		venues.add(this.executors);
		return venues;
	}

}
