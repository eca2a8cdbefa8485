package io.backgroundjobs;

/**
 * What a pool looks like at one moment. The numbers belong together: they were read under
 * the pool's lock.
 *
 * @param name the name of the pool
 * @param limit how many places it has
 * @param active how many places are held
 * @param pending how many jobs wait, delayed ones included
 * @param pendingLimit how many jobs may wait
 * @param overrunning how many of the held places belong to bodies that ignore their
 * interrupt
 * @param callerRuns how many jobs run on their callers' threads
 * @param paused whether pending jobs are held back
 * @since 1.0.0
 */
public record PoolSnapshot(String name, int limit, int active, int pending, int pendingLimit, int overrunning,
		int callerRuns, boolean paused) {
}
