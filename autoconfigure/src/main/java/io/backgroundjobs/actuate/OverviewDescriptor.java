package io.backgroundjobs.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobState;

/**
 * Description of a scheduler in numbers.
 *
 * @param running whether jobs are accepted
 * @param jobs how many jobs are live, by their state, and how many have ended while their
 * bodies are still inside
 * @param periodic how many periodic jobs there are, and how many of them are paused or
 * disabled
 * @param pools how many pools there are, and how many of them are paused or have no place
 * free
 * @param history how many ended jobs are remembered, by their outcome
 * @since 1.0.0
 */
public record OverviewDescriptor(boolean running, Map<String, Long> jobs, Map<String, Long> periodic,
		Map<String, Long> pools, Map<String, Long> history) implements OperationResponseBody {

	static OverviewDescriptor of(BackgroundJobScheduler scheduler) {
		return new OverviewDescriptor(scheduler.isRunning(), jobs(scheduler), periodic(scheduler), pools(scheduler),
				history(scheduler));
	}

	private static Map<String, Long> jobs(BackgroundJobScheduler scheduler) {
		Map<String, Long> counts = new LinkedHashMap<>();
		Stream.of(JobState.SCHEDULED, JobState.PENDING, JobState.RUNNING)
			.forEach((state) -> counts.put(JobDescriptor.text(state), 0L));
		// One that ends meanwhile is no longer among the live.
		scheduler.jobs()
			.forEach((job) -> counts.computeIfPresent(JobDescriptor.text(job.state()), (state, count) -> count + 1));
		counts.put("overrunning", (long) scheduler.overrunning().size());
		return counts;
	}

	private static Map<String, Long> periodic(BackgroundJobScheduler scheduler) {
		Map<String, Long> counts = new LinkedHashMap<>();
		counts.put("total", (long) scheduler.periodicJobs().size());
		counts.put("paused", scheduler.periodicJobs().stream().filter((job) -> job.isPaused()).count());
		counts.put("disabled", scheduler.periodicJobs().stream().filter((job) -> !job.spec().isEnabled()).count());
		return counts;
	}

	private static Map<String, Long> pools(BackgroundJobScheduler scheduler) {
		Map<String, Long> counts = new LinkedHashMap<>();
		counts.put("total", (long) scheduler.pools().size());
		counts.put("paused", scheduler.pools().stream().filter((pool) -> pool.paused()).count());
		counts.put("busy", scheduler.pools().stream().filter((pool) -> pool.active() >= pool.limit()).count());
		return counts;
	}

	private static Map<String, Long> history(BackgroundJobScheduler scheduler) {
		Map<String, Long> counts = new LinkedHashMap<>();
		Stream.of(JobOutcome.values()).forEach((outcome) -> counts.put(outcome.toString(), 0L));
		scheduler.history()
			.forEach((job) -> counts.computeIfPresent(String.valueOf(job.outcome()), (outcome, count) -> count + 1));
		return counts;
	}

}
