package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.annotation.JobCatalog;

/**
 * Puts together what beans and properties say about pools. Properties win, one attribute
 * at a time.
 */
final class ConfiguredPools {

	private static final String NONE = "none";

	/**
	 * By the uniform form of the name: an environment variable has lost the dashes.
	 */
	private final Map<String, PoolSpec> pools = new LinkedHashMap<>();

	ConfiguredPools(Iterable<PoolSpec> beans, Map<String, BackgroundJobProperties.Pool> properties) {
		add(PoolSpec.named(PoolSpec.DEFAULT_NAME));
		Map<String, PoolSpec> declared = new LinkedHashMap<>();
		beans.forEach((bean) -> addBean(declared, bean));
		properties.keySet().stream().sorted(ConfiguredPools::withDashesFirst).forEach((name) -> {
			if (!this.pools.containsKey(JobCatalog.uniform(name))) {
				add(named(name));
			}
		});
		properties.forEach((name, pool) -> {
			PoolSpec spec = this.pools.get(JobCatalog.uniform(name));
			// What a variable says is bound to the name with dashes too, if there is one.
			if (spec != null && (spec.name().equals(name) || !properties.containsKey(spec.name()))) {
				add(apply(spec, name, pool));
			}
		});
	}

	Collection<PoolSpec> specs() {
		return this.pools.values();
	}

	private void addBean(Map<String, PoolSpec> declared, PoolSpec bean) {
		PoolSpec other = declared.putIfAbsent(JobCatalog.uniform(bean.name()), bean);
		if (other != null) {
			throw new JobConfigurationException(
					"Two beans declare the pool '%s'%s".formatted(bean.name(),
							bean.name().equals(other.name()) ? "" : " (the other one as '" + other.name() + "')"),
					"Keep one of the two beans, or give one pool another name.");
		}
		add(bean);
	}

	private void add(PoolSpec spec) {
		this.pools.put(JobCatalog.uniform(spec.name()), spec);
	}

	private static int withDashesFirst(String a, String b) {
		return (a.length() != b.length()) ? b.length() - a.length() : a.compareTo(b);
	}

	private static PoolSpec named(String name) {
		try {
			return PoolSpec.named(name);
		}
		catch (JobConfigurationException ex) {
			throw new JobConfigurationException(
					"The properties background-jobs.pools.%s.* name a pool '%s', which is not a valid pool name"
						.formatted(name, name),
					ex.action(), ex);
		}
	}

	private static PoolSpec apply(PoolSpec spec, String name, BackgroundJobProperties.Pool pool) {
		PoolSpec result = spec;
		if (pool.limit() != null) {
			require(pool.limit() >= 1, name, "limit", pool.limit(),
					"Give 1 or more: a pool without a place would never run a job.");
			result = result.withLimit(pool.limit());
		}
		if (pool.pendingLimit() != null) {
			require(pool.pendingLimit() >= 0, name, "pending-limit", pool.pendingLimit(),
					"Give 0 for no queue, or a positive number.");
			result = result.withPendingLimit(pool.pendingLimit());
		}
		if (pool.overflow() != null) {
			result = result.withOverflow(pool.overflow());
		}
		if (pool.overflowTimeout() != null) {
			require(isPositive(pool.overflowTimeout()), name, "overflow-timeout", pool.overflowTimeout(),
					"Give a positive duration, such as 5s. For no wait at all set overflow to 'reject'.");
			result = result.withOverflowTimeout(pool.overflowTimeout());
		}
		if (pool.timeout() != null) {
			result = result.withTimeout(timeout(name, pool.timeout().strip()));
		}
		return (pool.threads() != null) ? result.withThreads(pool.threads()) : result;
	}

	private static @Nullable Duration timeout(String name, String text) {
		if (text.equalsIgnoreCase(NONE)) {
			return null;
		}
		Duration timeout = InvalidPropertyException.duration("background-jobs.pools." + name + ".timeout", text);
		require(isPositive(timeout), name, "timeout", text, "Give a positive duration, such as 30s, or 'none'.");
		return timeout;
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

	private static void require(boolean valid, String name, String property, Object value, String action) {
		if (!valid) {
			throw new InvalidPropertyException("pools." + name + "." + property, value, action);
		}
	}

}
