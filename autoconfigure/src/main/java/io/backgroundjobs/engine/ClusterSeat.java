package io.backgroundjobs.engine;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The part that this instance takes in a periodic job of all instances. Thread-safe. What
 * is asked of the other instances may block, and is never asked by the clock's thread.
 *
 * @since 1.0.0
 */
public interface ClusterSeat {

	/**
	 * Let ticks run here, or let no more of them.
	 * @param attends whether this instance takes part
	 */
	void attend(boolean attends);

	/**
	 * An instant has come: look whether this instance gets it, and say afterwards where
	 * the job stands. Does not block.
	 */
	void look();

	/**
	 * Name the next instant anew, because the schedule has been changed here.
	 */
	void reschedule();

	/**
	 * Keep all instances from running a tick.
	 * @return what ends that, or {@code null} if one runs already
	 */
	@Nullable Hold hold();

	/**
	 * Take no part any more, for good.
	 */
	void leave();

	/**
	 * While it is not ended no instance runs a tick.
	 */
	@FunctionalInterface
	interface Hold {

		/**
		 * Let ticks run again.
		 * @param next when the next one is due, or {@code null} for when it was
		 */
		void end(@Nullable Instant next);

	}

}
