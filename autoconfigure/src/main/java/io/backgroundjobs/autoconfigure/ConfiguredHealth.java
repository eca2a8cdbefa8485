package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.actuate.HealthCondition;
import io.backgroundjobs.actuate.HealthCriteria;

/**
 * From when on a job is unhealthy, by the properties {@code background-jobs.health.*} and
 * {@code background-jobs.jobs.<name>.health.*}. Thread-safe.
 */
final class ConfiguredHealth {

	private final HealthCriteria criteria;

	private final ConfiguredJobs configured;

	/** Of those jobs only for which something is set. */
	private final Map<String, HealthCriteria> ofJobs = new ConcurrentHashMap<>();

	ConfiguredHealth(BackgroundJobProperties.Health health, ConfiguredJobs configured) {
		this.criteria = new HealthCriteria(health.overdueAfter(), health.failures(), health.stuckAfter(),
				health.saturatedAfter(), health.downOn());
		this.configured = configured;
	}

	/**
	 * Return what counts for all that nothing else is set for.
	 */
	HealthCriteria criteria() {
		return this.criteria;
	}

	/**
	 * Return what counts for a job.
	 */
	HealthCriteria criteria(String job) {
		HealthCriteria found = this.ofJobs.computeIfAbsent(job, this::find);
		return (found != null) ? found : this.criteria;
	}

	private @Nullable HealthCriteria find(String job) {
		JobProperties properties = this.configured.find(job);
		if (properties == null || properties.health() == null) {
			return null;
		}
		return override(job, properties.health());
	}

	private HealthCriteria override(String job, JobProperties.Health health) {
		Duration overdueAfter = overdueAfter(job, health);
		Integer failures = health.failures();
		Set<HealthCondition> downOn = health.downOn();
		return new HealthCriteria((overdueAfter != null) ? overdueAfter : this.criteria.overdueAfter(),
				(failures != null) ? failures : this.criteria.failures(), this.criteria.stuckAfter(),
				this.criteria.saturatedAfter(), (downOn != null) ? downOn : this.criteria.downOn());
	}

	private static @Nullable Duration overdueAfter(String job, JobProperties.Health health) {
		String text = health.overdueAfter();
		return (text != null) ? PropertyOverrides.positive(job, JobAttribute.HEALTH_OVERDUE_AFTER, text) : null;
	}

	/**
	 * Make sure that what is set for a job can work, so that it is refused at the start.
	 */
	static void check(String job, JobProperties.Health health) {
		overdueAfter(job, health);
		Integer failures = health.failures();
		if (failures != null && failures < 1) {
			throw PropertyOverrides.invalid(job, JobAttribute.HEALTH_FAILURES, failures.toString(),
					"which is not above zero", "Give the number of failed runs in a row, 1 or more.", null);
		}
		Set<HealthCondition> downOn = health.downOn();
		if (downOn != null) {
			refuse(job, downOn, HealthCondition.SATURATED, "a pool");
			refuse(job, downOn, HealthCondition.UNAVAILABLE, "the database");
		}
	}

	private static void refuse(String job, Set<HealthCondition> downOn, HealthCondition condition, String saidOf) {
		if (downOn.contains(condition)) {
			throw PropertyOverrides.invalid(job, JobAttribute.HEALTH_DOWN_ON, condition.name().toLowerCase(Locale.ROOT),
					"which is said of " + saidOf + " and not of a job",
					"Name some of overdue, failing and stuck, or set background-jobs.health.down-on.", null);
		}
	}

}
