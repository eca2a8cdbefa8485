package io.backgroundjobs;

import java.time.Duration;
import java.time.ZoneId;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.Trigger;

/**
 * Names the instants at which a periodic job is due.
 *
 * @since 1.0.0
 */
public sealed interface JobSchedule {

	/**
	 * From start to start.
	 *
	 * @param every the interval; positive
	 */
	record FixedRate(Duration every) implements JobSchedule {

		public FixedRate {
			JobChecks.requirePositive("'every' of a periodic job", every);
		}

		@Override
		public String toString() {
			return "every " + this.every;
		}

	}

	/**
	 * From the end of a run to the start of the next.
	 *
	 * @param delay the pause between two runs; positive
	 */
	record FixedDelay(Duration delay) implements JobSchedule {

		public FixedDelay {
			JobChecks.requirePositive("'fixedDelay' of a periodic job", delay);
		}

		@Override
		public String toString() {
			return "fixedDelay " + this.delay;
		}

	}

	/**
	 * By a cron expression of six fields. Evaluated in local time: an instant in a gap
	 * runs at its end, one in an overlap at the earlier offset, unless the hour field is
	 * {@code *} or <code>*&#47;n</code>.
	 *
	 * @param expression the expression, as
	 * {@link org.springframework.scheduling.support.CronExpression} takes it
	 * @param zone the zone of its local time
	 */
	record Cron(String expression, ZoneId zone) implements JobSchedule {

		@Override
		public String toString() {
			return "cron " + this.expression + " " + this.zone;
		}

	}

	/**
	 * By a trigger of the application's own.
	 *
	 * @param trigger asked for the next instant after each run; {@code null} from it ends
	 * the schedule
	 */
	record Custom(Trigger trigger) implements JobSchedule {

		@Override
		public String toString() {
			return "trigger " + this.trigger;
		}

	}

	/**
	 * Never by itself; only {@link PeriodicJobHandle#trigger()} runs the job.
	 *
	 * @param zone the time zone of a cron expression that may take its place, or
	 * {@code null} if none was given
	 */
	record Never(@Nullable ZoneId zone) implements JobSchedule {

		/**
		 * Create the schedule without a zone.
		 */
		public Never() {
			this(null);
		}

		@Override
		public String toString() {
			return "never";
		}

	}

}
