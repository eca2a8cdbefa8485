package io.backgroundjobs.actuate;

import java.time.Duration;
import java.util.Set;

/**
 * From when on something counts as wrong, and what of it takes the application out of
 * service. Immutable.
 *
 * @param overdueAfter how late the start of a periodic job has to be
 * @param failures how many runs of a periodic job in a row have to fail
 * @param stuckAfter how long a body has to ignore its interrupt
 * @param saturatedAfter how long a job has to wait for a place
 * @param downOn the conditions that make the status {@code DOWN}
 * @since 1.0.0
 */
public record HealthCriteria(Duration overdueAfter, int failures, Duration stuckAfter, Duration saturatedAfter,
		Set<HealthCondition> downOn) {

	public HealthCriteria {
		downOn = Set.copyOf(downOn);
	}

}
