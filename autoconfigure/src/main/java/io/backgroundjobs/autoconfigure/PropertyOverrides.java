package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.engine.JobOverrides;

/**
 * Changes jobs by the properties {@code background-jobs.jobs.<name>.*}.
 */
final class PropertyOverrides implements JobOverrides {

	private static final String NONE = "none";

	/**
	 * How many names of spawned jobs are kept, so that names without end take no memory.
	 */
	private static final int KEPT = 1_000;

	private final ConfiguredJobs configured;

	private final Map<String, Optional<SpawnOverride>> spawned = new ConcurrentHashMap<>();

	PropertyOverrides(ConfiguredJobs configured) {
		this.configured = configured;
	}

	@Override
	public JobOptions apply(JobOptions options) {
		if (this.configured.isEmpty()) {
			return options;
		}
		Optional<SpawnOverride> override = this.spawned.get(options.name());
		if (override == null) {
			override = find(options.name());
			if (this.spawned.size() < KEPT) {
				this.spawned.put(options.name(), override);
			}
		}
		return override.isPresent() ? override.get().apply(options) : options;
	}

	private Optional<SpawnOverride> find(String name) {
		JobProperties properties = this.configured.find(name);
		if (properties == null) {
			return Optional.empty();
		}
		return Optional.of(new SpawnOverride(properties.pool(), timeout(name, properties.timeout())));
	}

	@Override
	public PeriodicJobSpec apply(PeriodicJobSpec spec) {
		JobProperties properties = this.configured.find(spec.name());
		if (properties == null) {
			return spec;
		}
		return ScheduleOverride.apply(policies(run(spec, properties), properties), properties);
	}

	private static PeriodicJobSpec run(PeriodicJobSpec spec, JobProperties properties) {
		PeriodicJobSpec result = spec;
		if (properties.pool() != null) {
			if (spec.executor() != null) {
				throw invalid(spec.name(), JobAttribute.POOL, properties.pool(),
						"but the job has an executor of its own", "Remove the property, or the executor from the job.",
						null);
			}
			result = result.pool(properties.pool());
		}
		Duration timeout = timeout(spec.name(), properties.timeout());
		if (timeout != null) {
			result = timeout.isZero() ? result.noTimeout() : result.timeout(timeout);
		}
		return result;
	}

	private static PeriodicJobSpec policies(PeriodicJobSpec spec, JobProperties properties) {
		PeriodicJobSpec result = spec;
		if (properties.paused() != null) {
			result = result.paused(properties.paused());
		}
		if (properties.overlap() != null) {
			result = result.overlap(properties.overlap());
		}
		if (properties.missed() != null) {
			result = result.missed(properties.missed());
		}
		return result;
	}

	/**
	 * Read what applies to jobs that are only spawned, so that a bad value is refused at
	 * the start and not at the first spawn.
	 * @param pools the names of the pools that there are
	 */
	void check(Collection<String> pools) {
		for (String job : this.configured.names()) {
			JobProperties properties = this.configured.find(job);
			if (properties != null && properties.health() != null) {
				ConfiguredHealth.check(job, properties.health());
			}
			String pool = find(job).map(SpawnOverride::pool).orElse(null);
			if (pool != null && !pools.contains(pool)) {
				throw invalid(job, JobAttribute.POOL, pool, "which is not the name of a pool",
						"The pools are %s. Name one of them, or declare the pool with background-jobs.pools.<name>.limit or with a PoolSpec bean."
							.formatted(String.join(", ", pools)),
						null);
			}
		}
	}

	private static @Nullable Duration timeout(String job, @Nullable String text) {
		if (text == null) {
			return null;
		}
		return text.strip().equalsIgnoreCase(NONE) ? Duration.ZERO : positive(job, JobAttribute.TIMEOUT, text);
	}

	static Duration positive(String job, JobAttribute attribute, String text) {
		Duration duration = InvalidPropertyException.duration(property(job, attribute), text);
		if (duration.isNegative() || duration.isZero()) {
			throw invalid(job, attribute, text, "which is not above zero",
					"Give a positive duration, such as 30s, 5m or PT1H.", null);
		}
		return duration;
	}

	static InvalidPropertyException invalid(String job, JobAttribute attribute, String value, String problem,
			String action, @Nullable Throwable cause) {
		String property = property(job, attribute);
		return new InvalidPropertyException(property, "The property %s is '%s', %s".formatted(property, value, problem),
				action, cause);
	}

	static String property(String job, JobAttribute attribute) {
		return ConfiguredJobs.ROOT + "." + job + "." + attribute.dashed();
	}

	/**
	 * What is set for a job that is spawned.
	 *
	 * @param pool the pool
	 * @param timeout the timeout, zero for none
	 */
	private record SpawnOverride(@Nullable String pool, @Nullable Duration timeout) {

		JobOptions apply(JobOptions options) {
			JobOptions result = (this.pool != null) ? options.pool(this.pool) : options;
			if (this.timeout == null) {
				return result;
			}
			return this.timeout.isZero() ? result.noTimeout() : result.timeout(this.timeout);
		}

	}

}
