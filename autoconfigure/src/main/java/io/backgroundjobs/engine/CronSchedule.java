package io.backgroundjobs.engine;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.StringUtils;

import io.backgroundjobs.JobConfigurationException;

/**
 * The instants that a cron expression names in a zone. The expression is evaluated in
 * local time and only then mapped to the zone, because {@link CronExpression} on a
 * {@code ZonedDateTime} skips a day where clocks go forward and fires twice where they go
 * back.
 *
 * <ul>
 * <li>Local times in a gap are due together, at the end of the gap.</li>
 * <li>A local time in an overlap is due in the first pass only; in both where the hour
 * field is {@code *} or <code>*&#47;n</code>, since such a schedule follows the passing
 * of time and not the time of day.</li>
 * </ul>
 *
 * Immutable.
 */
final class CronSchedule {

	private static final Pattern EVERY_HOUR = Pattern.compile("\\*(/\\d+)?");

	private static final int HOUR_FIELD = 2;

	private final CronExpression expression;

	private final ZoneRules rules;

	private final boolean bothPasses;

	private CronSchedule(CronExpression expression, ZoneId zone) {
		this.expression = expression;
		this.rules = zone.getRules();
		// The parsed expression, since a macro such as @hourly has been written out in it
		String[] fields = StringUtils.tokenizeToStringArray(expression.toString(), " ");
		this.bothPasses = EVERY_HOUR.matcher(fields[HOUR_FIELD]).matches();
	}

	/**
	 * Parse an expression.
	 * @param expression six fields or a macro, as {@link CronExpression} takes them
	 * @param zone the zone of its local time
	 * @return the schedule
	 * @throws JobConfigurationException if the expression is not valid
	 */
	static CronSchedule parse(String expression, ZoneId zone) {
		try {
			return new CronSchedule(CronExpression.parse(expression), zone);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(expression, ex);
		}
	}

	private static JobConfigurationException invalid(String expression, IllegalArgumentException cause) {
		String[] fields = StringUtils.tokenizeToStringArray(expression, " ");
		String withSeconds = "0 " + String.join(" ", fields);
		if (fields.length == 5 && CronExpression.isValidExpression(withSeconds)) {
			return new JobConfigurationException(
					"The cron expression '" + expression + "' has five fields; it takes six, the first are the seconds",
					"Write '" + withSeconds + "'.", cause);
		}
		return new JobConfigurationException(
				"The cron expression '" + expression + "' is not valid: " + cause.getMessage(),
				"Give six fields: second, minute, hour, day of month, month and day of week, such as '0 30 2 * * *'.",
				cause);
	}

	/**
	 * Return the first instant after a given one.
	 * @param after the instant to look from; never the result
	 * @return the first instant that is later, or {@code null} if the expression names
	 * none, as {@code 0 0 0 31 2 *} does
	 */
	@Nullable Instant next(Instant after) {
		ZoneOffset offset = this.rules.getOffset(after);
		LocalDateTime due = this.expression.next(lookFrom(after, LocalDateTime.ofInstant(after, offset)));
		ZoneOffsetTransition transition = this.rules.nextTransition(after);
		// One turn for each stretch of time with one offset. A local time that is due
		// in a later stretch is looked for again there: it may be in its gap or overlap.
		while (due != null && transition != null && !due.isBefore(transition.getDateTimeBefore())) {
			if (transition.isGap() && due.isBefore(transition.getDateTimeAfter())) {
				return transition.getInstant();
			}
			if (transition.isOverlap() && this.bothPasses) {
				due = nextOrSame(transition.getDateTimeAfter());
			}
			offset = transition.getOffsetAfter();
			transition = this.rules.nextTransition(transition.getInstant());
		}
		return (due != null) ? due.toInstant(offset) : null;
	}

	// Leaves out the rest of an overlap's second pass, where it does not count
	private LocalDateTime lookFrom(Instant after, LocalDateTime local) {
		if (this.bothPasses) {
			return local;
		}
		// A transition at this very instant counts: its offset is the one in force
		ZoneOffsetTransition last = this.rules.previousTransition(after.plusNanos(1));
		boolean secondPass = last != null && last.isOverlap() && local.isBefore(last.getDateTimeBefore());
		return secondPass ? last.getDateTimeBefore().minusNanos(1) : local;
	}

	private @Nullable LocalDateTime nextOrSame(LocalDateTime local) {
		return this.expression.next(local.minusNanos(1));
	}

}
