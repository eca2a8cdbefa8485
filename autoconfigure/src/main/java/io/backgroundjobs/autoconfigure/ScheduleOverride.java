package io.backgroundjobs.autoconfigure;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.StringUtils;

import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJobSpec;

/**
 * Changes when a periodic job ticks.
 */
final class ScheduleOverride {

	/** As in Spring's own {@code @Scheduled}. */
	private static final String CRON_DISABLED = "-";

	private static final int CRON_FIELDS = 6;

	private final String job;

	private final JobProperties properties;

	private ScheduleOverride(String job, JobProperties properties) {
		this.job = job;
		this.properties = properties;
	}

	static PeriodicJobSpec apply(PeriodicJobSpec spec, JobProperties properties) {
		return new ScheduleOverride(spec.name(), properties).apply(spec);
	}

	private PeriodicJobSpec apply(PeriodicJobSpec spec) {
		PeriodicJobSpec result = schedule(spec);
		if (this.properties.initialDelay() != null) {
			result = result.initialDelay(notNegative(JobAttribute.INITIAL_DELAY, this.properties.initialDelay()));
		}
		if (this.properties.jitter() != null) {
			result = result.jitter(notNegative(JobAttribute.JITTER, this.properties.jitter()));
		}
		return (this.properties.enabled() != null) ? result.enabled(this.properties.enabled()) : result;
	}

	private PeriodicJobSpec schedule(PeriodicJobSpec spec) {
		ZoneId zone = zone(spec);
		JobSchedule schedule = schedule(spec.schedule(), zone);
		if (schedule == null) {
			return spec;
		}
		if (schedule instanceof JobSchedule.Never) {
			return spec.schedule(schedule).enabled(false);
		}
		// What had no schedule was disabled by "-" in its annotation.
		boolean enabled = spec.isEnabled() || spec.schedule() instanceof JobSchedule.Never;
		return spec.schedule(schedule).enabled(enabled);
	}

	private @Nullable JobSchedule schedule(JobSchedule present, @Nullable ZoneId zone) {
		if (this.properties.every() != null) {
			return new JobSchedule.FixedRate(positive(JobAttribute.EVERY, this.properties.every()));
		}
		if (this.properties.fixedDelay() != null) {
			return new JobSchedule.FixedDelay(positive(JobAttribute.FIXED_DELAY, this.properties.fixedDelay()));
		}
		JobSchedule.Cron cron = (present instanceof JobSchedule.Cron given) ? given : null;
		if (this.properties.cron() != null) {
			return cron(this.properties.cron().strip(), (zone != null) ? zone : zoneOf(present));
		}
		return (zone != null && cron != null) ? new JobSchedule.Cron(cron.expression(), zone) : null;
	}

	private static ZoneId zoneOf(JobSchedule schedule) {
		if (schedule instanceof JobSchedule.Cron cron) {
			return cron.zone();
		}
		return (schedule instanceof JobSchedule.Never never && never.zone() != null) ? never.zone()
				: ZoneId.systemDefault();
	}

	private JobSchedule cron(String expression, ZoneId zone) {
		if (expression.equals(CRON_DISABLED)) {
			return new JobSchedule.Never();
		}
		if (StringUtils.tokenizeToStringArray(expression, " ").length == CRON_FIELDS - 1) {
			throw invalid(JobAttribute.CRON, expression, "which has five fields",
					"The first of the six fields is the second: write '0 " + expression + "'.", null);
		}
		try {
			CronExpression.parse(expression);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(JobAttribute.CRON, expression, "which is not a cron expression: " + ex.getMessage(),
					"Write six fields: second, minute, hour, day of the month, month, day of the week. "
							+ "'0 30 2 * * *' is each day at 02:30; '-' disables the job.",
					ex);
		}
		return new JobSchedule.Cron(expression, zone);
	}

	private @Nullable ZoneId zone(PeriodicJobSpec spec) {
		String zone = this.properties.zone();
		if (zone == null) {
			return null;
		}
		boolean interval = this.properties.every() != null || this.properties.fixedDelay() != null;
		boolean cron = this.properties.cron() != null || spec.schedule() instanceof JobSchedule.Cron
				|| spec.schedule() instanceof JobSchedule.Never;
		if (interval || !cron) {
			throw invalid(JobAttribute.ZONE, zone, "but only a cron expression has a zone",
					"Remove the zone, or set a cron expression.", null);
		}
		try {
			return ZoneId.of(zone.strip());
		}
		catch (DateTimeException ex) {
			throw invalid(JobAttribute.ZONE, zone, "which is not a time zone",
					"Write the identifier of a zone, such as 'Europe/Paris' or 'UTC'.", ex);
		}
	}

	private Duration positive(JobAttribute attribute, String text) {
		return PropertyOverrides.positive(this.job, attribute, text);
	}

	private Duration notNegative(JobAttribute attribute, String text) {
		Duration duration = InvalidPropertyException.duration(PropertyOverrides.property(this.job, attribute), text);
		if (duration.isNegative()) {
			throw invalid(attribute, text, "a negative duration",
					"Give zero or a positive duration, such as 30s, 5m or PT1H.", null);
		}
		return duration;
	}

	private InvalidPropertyException invalid(JobAttribute attribute, String value, String problem, String action,
			@Nullable Throwable cause) {
		return PropertyOverrides.invalid(this.job, attribute, value, problem, action, cause);
	}

}
