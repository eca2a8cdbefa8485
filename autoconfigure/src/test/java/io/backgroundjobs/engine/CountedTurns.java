package io.backgroundjobs.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts how often each job was accepted and ended.
 */
final class CountedTurns implements JobListener {

	private final Map<String, AtomicInteger> accepted = new ConcurrentHashMap<>();

	private final Map<String, AtomicInteger> ended = new ConcurrentHashMap<>();

	@Override
	public void accepted(Job<?> job) {
		count(this.accepted, job);
	}

	@Override
	public void ended(Job<?> job) {
		assertThat(job.outcome()).isNotNull();
		count(this.ended, job);
	}

	boolean isEachEnded() {
		return this.ended.keySet().equals(this.accepted.keySet());
	}

	void assertEachEndedOnce() {
		assertThat(this.accepted.values()).allMatch((count) -> count.get() == 1);
		assertThat(this.ended.values()).allMatch((count) -> count.get() == 1);
	}

	int ends(Job<?> job) {
		AtomicInteger count = this.ended.get(job.id());
		return (count != null) ? count.get() : 0;
	}

	private static void count(Map<String, AtomicInteger> counts, Job<?> job) {
		counts.computeIfAbsent(job.id(), (id) -> new AtomicInteger()).incrementAndGet();
	}

}
