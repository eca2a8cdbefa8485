package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Names instants that are the same on all instances, because they follow from the wall
 * clock alone.
 */
interface ClusterPlan {

	/** How many instants are counted one by one. */
	int MOST_COUNTED = 100_000;

	/**
	 * Return the first instant after another one.
	 * @return the instant, or {@code null} if there is none, or none is known before a
	 * run has ended
	 */
	@Nullable Instant after(Instant instant);

	/**
	 * Return when the job is due after a run.
	 * @param end when the run ended
	 * @return the instant, or {@code null} if it is not the end of runs that counts
	 */
	default @Nullable Instant afterRun(Instant end) {
		return null;
	}

	/**
	 * Count instants that have come.
	 * @param first the first of them
	 * @param now the present instant; not before the first
	 * @param keep how many of the last ones are of interest; positive
	 */
	default Span reached(Instant first, Instant now, int keep) {
		Deque<Instant> last = new ArrayDeque<>();
		long count = 0;
		Instant instant = first;
		while (instant != null && !instant.isAfter(now)) {
			if (count == MOST_COUNTED) {
				// So many that a clock was corrected: nobody was there for them.
				instant = after(now);
				break;
			}
			count++;
			last.add(instant);
			if (last.size() > keep) {
				last.remove();
			}
			instant = after(instant);
		}
		return new Span(count, last, instant);
	}

	/**
	 * Instants that have come.
	 *
	 * @param count how many
	 * @param last the last of them, in their order
	 * @param next the first one that has not come, or {@code null} if it is not known
	 */
	record Span(long count, Deque<Instant> last, @Nullable Instant next) {
	}

	/**
	 * Multiples of an interval since the epoch, shifted by a phase.
	 */
	record Rate(long every, long phase) implements ClusterPlan {

		private static final long SECOND = 1_000_000_000;

		@Override
		public Instant after(Instant instant) {
			long nanos = Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano());
			long next = (Math.floorDiv(nanos - this.phase, this.every) + 1) * this.every + this.phase;
			return Instant.ofEpochSecond(Math.floorDiv(next, SECOND), Math.floorMod(next, SECOND));
		}

		@Override
		public Span reached(Instant first, Instant now, int keep) {
			// The first need not be one of ours: the schedule may have been another.
			Instant second = after(first);
			long more = second.isAfter(now) ? 0 : Duration.between(second, now).toNanos() / this.every + 1;
			Deque<Instant> last = new ArrayDeque<>();
			Instant instant = second.plusNanos((more - 1) * this.every);
			for (long i = more; i > 0 && last.size() < keep; i--) {
				last.addFirst(instant);
				instant = instant.minusNanos(this.every);
			}
			if (last.size() < keep) {
				last.addFirst(first);
			}
			return new Span(more + 1, last, second.plusNanos(more * this.every));
		}

	}

	/**
	 * The instants of a cron expression, shifted by a phase.
	 */
	record Cron(CronSchedule schedule, long phase) implements ClusterPlan {

		@Override
		public @Nullable Instant after(Instant instant) {
			Instant named = this.schedule.next(instant.minusNanos(this.phase));
			return (named != null) ? named.plusNanos(this.phase) : null;
		}

	}

	/**
	 * A time after the end of each run.
	 */
	record Delay(Duration delay) implements ClusterPlan {

		@Override
		public @Nullable Instant after(Instant instant) {
			return null;
		}

		@Override
		public Instant afterRun(Instant end) {
			return end.plus(this.delay);
		}

	}

}
