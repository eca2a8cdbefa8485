package io.backgroundjobs.observation;

import java.util.function.ToIntFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PoolSnapshot;

/**
 * Shows the pools as gauges. Pools are made with the scheduler, so that they are all
 * there when the gauges are.
 *
 * @since 1.0.0
 */
public final class PoolMeters implements MeterBinder {

	private final BackgroundJobScheduler scheduler;

	/**
	 * Create the binder.
	 * @param scheduler whose pools are shown
	 */
	public PoolMeters(BackgroundJobScheduler scheduler) {
		this.scheduler = scheduler;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (PoolSnapshot pool : this.scheduler.pools()) {
			bind(registry, "active", "Places that are held", pool.name(), PoolSnapshot::active);
			bind(registry, "pending", "Jobs that wait, delayed ones included", pool.name(), PoolSnapshot::pending);
			bind(registry, "limit", "Places that there are", pool.name(), PoolSnapshot::limit);
		}
	}

	private void bind(MeterRegistry registry, String meter, String description, String pool,
			ToIntFunction<PoolSnapshot> value) {
		Gauge.builder("background.jobs." + meter, this.scheduler, (scheduler) -> read(scheduler, pool, value))
			.description(description)
			.tag("pool", pool)
			.register(registry);
	}

	private static double read(BackgroundJobScheduler scheduler, String pool, ToIntFunction<PoolSnapshot> value) {
		for (PoolSnapshot snapshot : scheduler.pools()) {
			if (snapshot.name().equals(pool)) {
				return value.applyAsInt(snapshot);
			}
		}
		return Double.NaN;
	}

}
