package io.backgroundjobs;

/**
 * Published as an application event when a periodic job was removed because its target
 * executor had been shut down.
 *
 * @param job the handle on the job, which ticks no more
 * @since 1.0.0
 * @see JobListener#executorGone(PeriodicJobHandle)
 */
public record ExecutorGoneEvent(PeriodicJobHandle job) {
}
