package io.backgroundjobs.actuate;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.DurationText;
import io.backgroundjobs.JobSchedule;

/**
 * The schedule that a client asks for, as it was written. A zone belongs to a cron
 * expression.
 *
 * @param every the interval of a fixed rate
 * @param fixedDelay the pause between two runs
 * @param cron a cron expression
 * @param zone its time zone; {@code null} for the one that the job has
 */
record ScheduleRequest(@Nullable String every, @Nullable String fixedDelay, @Nullable String cron,
		@Nullable String zone) {

	/**
	 * Read the schedule.
	 * @param present the schedule that the job has
	 * @throws io.backgroundjobs.JobConfigurationException if a duration cannot be read
	 */
	JobSchedule read(JobSchedule present) {
		if (Stream.of(this.every, this.fixedDelay, this.cron).filter(Objects::nonNull).count() != 1) {
			throw RequestProblem.badRequest("A schedule is exactly one of 'every', 'fixedDelay' and 'cron'");
		}
		if (this.cron != null) {
			return new JobSchedule.Cron(this.cron.strip(), zone(present));
		}
		if (this.zone != null) {
			throw RequestProblem.badRequest("'zone' is '" + this.zone + "', but only a cron expression has a zone");
		}
		return (this.every != null) ? new JobSchedule.FixedRate(DurationText.parse("value of 'every'", this.every))
				: new JobSchedule.FixedDelay(
						DurationText.parse("value of 'fixedDelay'", Objects.requireNonNull(this.fixedDelay)));
	}

	private ZoneId zone(JobSchedule present) {
		if (this.zone == null) {
			return zoneOf(present);
		}
		try {
			return ZoneId.of(this.zone.strip());
		}
		catch (DateTimeException ex) {
			throw RequestProblem.badRequest("'zone' is '" + this.zone
					+ "', which is not a time zone. Write its identifier, such as 'Europe/Paris' or 'UTC'");
		}
	}

	private static ZoneId zoneOf(JobSchedule present) {
		if (present instanceof JobSchedule.Cron cron) {
			return cron.zone();
		}
		return (present instanceof JobSchedule.Never never && never.zone() != null) ? never.zone()
				: ZoneId.systemDefault();
	}

}
