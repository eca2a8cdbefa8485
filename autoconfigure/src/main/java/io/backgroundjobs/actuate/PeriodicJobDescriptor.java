package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSpec;

/**
 * Description of a periodic job. What does not apply is {@code null}.
 *
 * @param name its name
 * @param schedule when it runs
 * @param pool the pool that it runs in; {@code executor} for an executor of its own
 * @param enabled whether it ticks
 * @param paused whether its ticks are held back
 * @param pauseNote what is known of the last pause or resumption
 * @param overlap what a tick does while an earlier run has not ended
 * @param missed what becomes of missed instants
 * @param initialDelay the time from the start of the application to its first tick
 * @param jitter the bound of the shift that keeps instances apart
 * @param timeout how long an attempt may run, if the job itself says so
 * @param shielded whether its runs cannot be cancelled
 * @param nextRun its next tick, if it is known
 * @param nextRuns its next ticks, if they are asked for
 * @param lastRun the run that was started last
 * @param overdueSince the instant from which on a run should have started
 * @param failuresInARow how many of its last runs have failed, if any
 * @param ticks what became of its ticks: the count of each result
 * @since 1.0.0
 */
public record PeriodicJobDescriptor(String name, ScheduleDescriptor schedule, String pool, boolean enabled,
		boolean paused, @Nullable PauseNoteDescriptor pauseNote, String overlap, String missed,
		@Nullable Duration initialDelay, @Nullable Duration jitter, @Nullable Duration timeout, boolean shielded,
		@Nullable Instant nextRun, @Nullable List<Instant> nextRuns, @Nullable JobDescriptor lastRun,
		@Nullable Instant overdueSince, @Nullable Integer failuresInARow,
		Map<String, Long> ticks) implements OperationResponseBody {

	static PeriodicJobDescriptor of(PeriodicJobHandle handle, @Nullable List<Instant> nextRuns,
			@Nullable JobDescriptor lastRun, ShownValues values) {
		PeriodicJobSpec spec = handle.spec();
		int failures = handle.failuresInARow();
		Map<String, Long> ticks = new LinkedHashMap<>();
		handle.ticks().forEach((result, count) -> ticks.put(result.toString(), count));
		return new PeriodicJobDescriptor(handle.name(), ScheduleDescriptor.of(spec.schedule()), pool(spec),
				spec.isEnabled(), handle.isPaused(), PauseNoteDescriptor.of(handle.pauseNote(), values),
				JobDescriptor.text(spec.overlap()), JobDescriptor.text(spec.missed()), spec.initialDelay(),
				positive(spec.jitter()), positive(spec.run().timeout()), spec.run().isShielded(),
				Moments.ofNullable(handle.nextRun()),
				(nextRuns != null) ? nextRuns.stream().map(Moments::of).toList() : null, lastRun,
				Moments.ofNullable(handle.overdueSince()), (failures > 0) ? failures : null, ticks);
	}

	private static String pool(PeriodicJobSpec spec) {
		if (spec.executor() != null) {
			return "executor";
		}
		return (spec.run().pool() != null) ? spec.run().pool() : PoolSpec.DEFAULT_NAME;
	}

	private static @Nullable Duration positive(@Nullable Duration duration) {
		return (duration != null && !duration.isZero()) ? duration : null;
	}

}
