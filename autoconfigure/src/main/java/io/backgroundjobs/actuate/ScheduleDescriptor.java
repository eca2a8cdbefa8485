package io.backgroundjobs.actuate;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobSchedule;

/**
 * Description of a schedule. One of {@code every}, {@code fixedDelay}, {@code cron} and
 * {@code trigger} is given; none for a job that never runs by itself.
 *
 * @param every the interval from start to start
 * @param fixedDelay the pause between two runs
 * @param cron the cron expression
 * @param zone the time zone of the cron expression
 * @param trigger what a trigger of the application calls itself
 * @since 1.0.0
 */
public record ScheduleDescriptor(@Nullable Duration every, @Nullable Duration fixedDelay, @Nullable String cron,
		@Nullable String zone, @Nullable String trigger) {

	static ScheduleDescriptor of(JobSchedule schedule) {
		if (schedule instanceof JobSchedule.FixedRate rate) {
			return new ScheduleDescriptor(rate.every(), null, null, null, null);
		}
		if (schedule instanceof JobSchedule.FixedDelay delay) {
			return new ScheduleDescriptor(null, delay.delay(), null, null, null);
		}
		if (schedule instanceof JobSchedule.Cron cron) {
			return new ScheduleDescriptor(null, null, cron.expression(), cron.zone().getId(), null);
		}
		String trigger = (schedule instanceof JobSchedule.Custom custom) ? custom.trigger().toString() : null;
		return new ScheduleDescriptor(null, null, null, null, trigger);
	}

}
