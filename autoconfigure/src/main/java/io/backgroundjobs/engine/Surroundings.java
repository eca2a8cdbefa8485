package io.backgroundjobs.engine;

/**
 * What a run needs of its engine.
 *
 * @param clock the time
 * @param wallTimes what the wall clock says
 * @param ids makes the text of an identifier
 * @param turns tells listeners, recorders and exception handlers
 * @param contexts carries the spawner's context over
 * @param couriers run what must not run on the clock's thread
 * @param history remembers ended runs
 * @param stopping what the drain is told
 * @param diagnosis warns of what goes wrong for long
 * @param overrunWarning nanoseconds after which a body that ignores its interrupt is
 * warned about
 */
record Surroundings(EngineClock clock, WallTimes wallTimes, JobIds ids, Turns turns, Contexts contexts,
		Couriers couriers, History history, Stopping stopping, Diagnosis diagnosis, long overrunWarning) {
}
