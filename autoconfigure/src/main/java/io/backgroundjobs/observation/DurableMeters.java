package io.backgroundjobs.observation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;

/**
 * Shows the durable jobs of the application as gauges: how many there are by name and
 * state, and for how long the oldest has waited. They are those of all instances, so that
 * all of them show the same. Which names there are is known only when the database has
 * been asked; so the gauges of a name are added when the one that tells of the database
 * is read.
 *
 * @since 1.0.0
 */
public final class DurableMeters implements MeterBinder {

	private final QueueCounts counts;

	private final InstantSource clock;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	/** Those that have gauges, as they are called in tags. */
	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	/**
	 * Create the binder.
	 * @param jobs the jobs in the application's database
	 * @param names what jobs are called in tags
	 * @param clock what the jobs call now
	 */
	public DurableMeters(DurableJobs jobs, BoundedJobNames names, InstantSource clock) {
		this.counts = new QueueCounts(jobs, names, clock);
		this.clock = clock;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		TimeGauge
			.builder("background.jobs.durable.unavailable", this, TimeUnit.SECONDS, DurableMeters::unavailableSeconds)
			.description("Time for which the database of the durable jobs has not answered")
			.register(registry);
		this.registries.add(registry);
		this.shown.forEach((name) -> addGauges(registry, name));
	}

	private double unavailableSeconds() {
		Map<String, DurableQueue> queues = this.counts.read();
		if (queues != null) {
			queues.keySet()
				.stream()
				.filter(this.shown::add)
				.forEach((name) -> this.registries.forEach((registry) -> addGauges(registry, name)));
		}
		Instant since = this.counts.unavailableSince();
		return (since != null) ? secondsSince(since) : 0;
	}

	private void addGauges(MeterRegistry registry, String name) {
		addGauge(registry, name, "pending", DurableQueue::pending);
		addGauge(registry, name, "scheduled", DurableQueue::scheduled);
		addGauge(registry, name, "running", DurableQueue::running);
		addGauge(registry, name, "failed", DurableQueue::failed);
		TimeGauge
			.builder("background.jobs.durable.oldest", this, TimeUnit.SECONDS, (meters) -> meters.oldestSeconds(name))
			.description("Time for which the durable job that waits longest has been due")
			.tag("name", name)
			.register(registry);
	}

	private void addGauge(MeterRegistry registry, String name, String state, ToLongFunction<DurableQueue> count) {
		Gauge.builder("background.jobs.durable", this, (meters) -> meters.count(name, count))
			.description("Durable jobs, on all instances")
			.tag("name", name)
			.tag("state", state)
			.register(registry);
	}

	private double count(String name, ToLongFunction<DurableQueue> count) {
		return read(name, (queue) -> (double) count.applyAsLong(queue));
	}

	private double oldestSeconds(String name) {
		return read(name, (queue) -> (queue.oldestDue() != null) ? secondsSince(queue.oldestDue()) : 0);
	}

	private double read(String name, ToDoubleFunction<DurableQueue> value) {
		Map<String, DurableQueue> queues = this.counts.read();
		if (queues == null) {
			return Double.NaN;
		}
		DurableQueue queue = queues.get(name);
		return (queue != null) ? value.applyAsDouble(queue) : 0;
	}

	private double secondsSince(Instant instant) {
		return Math.max(0, Duration.between(instant, this.clock.instant()).toMillis() / 1000.0);
	}

}
