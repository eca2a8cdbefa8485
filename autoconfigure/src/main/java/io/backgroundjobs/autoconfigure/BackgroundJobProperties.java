package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import io.backgroundjobs.OverflowPolicy;
import io.backgroundjobs.PoolThreads;
import io.backgroundjobs.actuate.HealthCondition;

/**
 * What can be set under {@code background-jobs}, apart from {@code background-jobs.jobs},
 * which {@link ConfiguredJobs} reads.
 *
 * @param enabled Whether periodic jobs tick. When disabled they are known and can be
 * triggered, and jobs can be spawned.
 * @param minimumInterval Shortest interval that a periodic job may have.
 * @param pools Pools by name.
 * @param history Memory of ended jobs.
 * @param metrics Meters of jobs and pools.
 * @param context Context that is carried over to the threads of jobs.
 * @param web Responses of web handlers whose job was not accepted.
 * @param health When jobs and pools are unhealthy.
 * @param shutdown Bounds of a shutdown.
 * @since 1.0.0
 */
@ConfigurationProperties("background-jobs")
public record BackgroundJobProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("1ms") Duration minimumInterval, @DefaultValue Map<String, Pool> pools,
		@DefaultValue History history, @DefaultValue Metrics metrics, @DefaultValue Context context,
		@DefaultValue Web web, @DefaultValue Health health, @DefaultValue Shutdown shutdown) {

	public BackgroundJobProperties {
		if (minimumInterval.compareTo(Duration.ofMillis(1)) < 0) {
			throw new InvalidPropertyException("minimum-interval", minimumInterval, "Give 1ms or more.");
		}
		pools = Map.copyOf(pools);
	}

	/**
	 * Settings of one pool. What is not set stays as the pool's bean has it, or as the
	 * defaults are.
	 *
	 * @param limit Maximum number of jobs that run at the same time.
	 * @param pendingLimit Maximum number of jobs that wait. Zero for no queue.
	 * @param overflow What happens to a job when the queue is full.
	 * @param overflowTimeout Maximum time that a caller waits for room. Only with the
	 * overflow policy 'block'.
	 * @param timeout Maximum running time of an attempt that says nothing else. Either a
	 * duration or 'none'.
	 * @param threads Kind of threads that run the jobs. With 'auto' they are virtual if
	 * 'spring.threads.virtual.enabled' is set.
	 */
	public record Pool(@Nullable Integer limit, @Nullable Integer pendingLimit, @Nullable OverflowPolicy overflow,
			@Nullable Duration overflowTimeout, @Nullable String timeout, @Nullable PoolThreads threads) {
	}

	/**
	 * Memory of ended jobs.
	 *
	 * @param size Number of ended jobs that are remembered. Zero for none.
	 */
	public record History(@DefaultValue("256") int size) {

		public History {
			if (size < 0) {
				throw new InvalidPropertyException("history.size", size, "Give 0 for none, or a positive number.");
			}
		}

	}

	/**
	 * Meters of jobs and pools.
	 *
	 * @param maxNames Maximum number of names of spawned jobs that become tags. Further
	 * ones are recorded as 'other'.
	 */
	public record Metrics(@DefaultValue("100") int maxNames) {

		public Metrics {
			if (maxNames < 0) {
				throw new InvalidPropertyException("metrics.max-names", maxNames,
						"Give 0 to record all spawned jobs as 'other', or a positive number.");
			}
		}

	}

	/**
	 * Context that is carried over to the threads of jobs.
	 *
	 * @param exclude Keys of thread-local accessors that are not carried over to the
	 * threads of jobs.
	 */
	public record Context(@DefaultValue Set<String> exclude) {

		public Context {
			exclude = Set.copyOf(exclude);
		}

	}

	/**
	 * Responses of web handlers whose job was not accepted.
	 *
	 * @param retryAfter Time after which a client may try again, for the header
	 * 'Retry-After'. Rounded up to seconds.
	 */
	public record Web(@DefaultValue("5s") Duration retryAfter) {

		public Web {
			if (retryAfter.isNegative()) {
				throw new InvalidPropertyException("web.retry-after", retryAfter,
						"Give zero or a positive duration, such as 5s.");
			}
		}

	}

	/**
	 * When jobs and pools are unhealthy.
	 *
	 * @param overdueAfter Time by which the start of a periodic job has to be late for
	 * the job to be overdue.
	 * @param failures Number of runs in a row that have to fail for a periodic job to be
	 * failing.
	 * @param stuckAfter Time for which a body has to ignore its interrupt for the job to
	 * be stuck.
	 * @param saturatedAfter Time for which a job has to wait for a place for the pool to
	 * be saturated.
	 * @param downOn Conditions that make the health status DOWN. Others are details only.
	 */
	public record Health(@DefaultValue("5m") Duration overdueAfter, @DefaultValue("3") int failures,
			@DefaultValue("1m") Duration stuckAfter, @DefaultValue("1m") Duration saturatedAfter,
			@DefaultValue Set<HealthCondition> downOn) {

		public Health {
			requirePositive("health.overdue-after", overdueAfter);
			requirePositive("health.stuck-after", stuckAfter);
			requirePositive("health.saturated-after", saturatedAfter);
			if (failures < 1) {
				throw new InvalidPropertyException("health.failures", failures,
						"Give the number of failed runs in a row, 1 or more.");
			}
			downOn = Set.copyOf(downOn);
		}

		private static void requirePositive(String property, Duration value) {
			if (value.isNegative() || value.isZero()) {
				throw new InvalidPropertyException(property, value, "Give a positive duration, such as 1m.");
			}
		}

	}

	/**
	 * Bounds of a shutdown.
	 *
	 * @param waitTimeout Time from the begin of a shutdown that jobs have to finish.
	 * @param shieldTimeout Time from the begin of a shutdown that shielded jobs have to
	 * finish.
	 * @param closeTimeout Time that interrupted jobs have to leave.
	 * @param gracePeriod Time that the platform gives the process to stop, such as
	 * 'terminationGracePeriodSeconds' of Kubernetes. Only compared with what a shutdown
	 * may take, for a warning at the start.
	 */
	public record Shutdown(@DefaultValue("20s") Duration waitTimeout, @DefaultValue("25s") Duration shieldTimeout,
			@DefaultValue("1s") Duration closeTimeout, @DefaultValue("30s") Duration gracePeriod) {

		public Shutdown {
			requireNotNegative("shutdown.wait-timeout", waitTimeout);
			requireNotNegative("shutdown.shield-timeout", shieldTimeout);
			requireNotNegative("shutdown.close-timeout", closeTimeout);
			if (gracePeriod.isNegative() || gracePeriod.isZero()) {
				throw new InvalidPropertyException("shutdown.grace-period", gracePeriod,
						"Give the time after which the platform kills the process, such as 30s.");
			}
			if (shieldTimeout.compareTo(waitTimeout) < 0) {
				throw new InvalidPropertyException("shutdown.shield-timeout", shieldTimeout,
						"Both this and background-jobs.shutdown.wait-timeout ("
								+ InvalidPropertyException.print(waitTimeout)
								+ ") count from the begin of the shutdown: give one that is not shorter.");
			}
		}

		private static void requireNotNegative(String property, Duration value) {
			if (value.isNegative()) {
				throw new InvalidPropertyException(property, value, "Give zero or a positive duration, such as 20s.");
			}
		}

	}

}
