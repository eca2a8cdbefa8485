package io.backgroundjobs.autoconfigure;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.MissedRunPolicy;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.actuate.HealthCondition;

/**
 * What the properties {@code background-jobs.jobs.<name>.*} change about one job. Texts
 * are read where they are applied, because only then it is known what they are for.
 *
 * @param enabled Whether the job ticks. A disabled job can still be triggered.
 * @param optional Whether the application may start without a job of this name.
 * @param paused Whether the job begins paused.
 * @param every Interval of a fixed rate, from start to start. Replaces any other
 * schedule.
 * @param fixedDelay Pause between the end of a run and the start of the next. Replaces
 * any other schedule.
 * @param cron Cron expression of six fields, or '-' to disable the job. Replaces any
 * other schedule.
 * @param zone Time zone of the cron expression.
 * @param initialDelay Time from the start of the application to the first tick.
 * @param jitter Bound of the shift by which instances of the application are kept from
 * acting at the same moment.
 * @param pool Pool of the job.
 * @param timeout Maximum running time of an attempt. Either a duration or 'none'.
 * @param overlap What a tick does while an earlier run has not ended.
 * @param missed What becomes of instants that the clock has missed.
 * @param health When the job is unhealthy.
 */
record JobProperties(@Nullable Boolean enabled, @Nullable Boolean optional, @Nullable Boolean paused,
		@Nullable String every, @Nullable String fixedDelay, @Nullable String cron, @Nullable String zone,
		@Nullable String initialDelay, @Nullable String jitter, @Nullable String pool, @Nullable String timeout,
		@Nullable OverlapPolicy overlap, @Nullable MissedRunPolicy missed, @Nullable Health health) {

	boolean isOptional() {
		return Boolean.TRUE.equals(this.optional);
	}

	/**
	 * When the job is unhealthy.
	 *
	 * @param downOn Conditions under which the job makes the health status DOWN.
	 * @param overdueAfter Time by which the start of a run has to be late.
	 * @param failures Number of runs in a row that have to fail.
	 */
	record Health(@Nullable Set<HealthCondition> downOn, @Nullable String overdueAfter, @Nullable Integer failures) {
	}

}
