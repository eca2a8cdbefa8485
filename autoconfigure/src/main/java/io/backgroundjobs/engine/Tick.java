package io.backgroundjobs.engine;

/**
 * An instant of a periodic job that has been reached late.
 *
 * @param plan what named it
 * @param due when it was due; nanoseconds of the clock
 */
record Tick(TickPlan plan, long due) {
}
