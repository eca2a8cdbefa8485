package io.backgroundjobs.sample;

import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;
import io.backgroundjobs.observation.BoundedJobNames;
import io.backgroundjobs.observation.DurableMeters;
import io.backgroundjobs.observation.JobMeters;
import io.backgroundjobs.observation.PoolMeters;

/**
 * All meters with all values of their tags, as Prometheus reads them.
 */
final class EveryMeter {

	private EveryMeter() {
	}

	static Scrape scrape() {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		registry.config().meterFilter(new Histograms());
		new UptimeMetrics().bindTo(registry);
		BackgroundJobScheduler scheduler = Mockito.mock();
		BDDMockito.given(scheduler.pools())
			.willReturn(List.of(new PoolSnapshot("default", 100, 0, 0, 100, 0, 0, false)));
		new PoolMeters(scheduler).bindTo(registry);
		BoundedJobNames names = new BoundedJobNames(100);
		record(new JobMeters(registry, names));
		DurableMeters durable = new DurableMeters(durableJobs(), names, InstantSource.system());
		durable.bindTo(registry);
		// The first one finds out which names there are.
		registry.scrape();
		Scrape scrape = Scrape.parse(registry.scrape());
		// Gauges do not hold what they show.
		Reference.reachabilityFence(durable);
		return scrape;
	}

	private static DurableJobs durableJobs() {
		DurableJobs jobs = Mockito.mock();
		BDDMockito.given(jobs.queues())
			.willReturn(List.of(new DurableQueue("nightly", true, 1, 1, 1, 1, Instant.EPOCH)));
		return jobs;
	}

	private static void record(JobMeters meters) {
		for (JobKind kind : JobKind.values()) {
			for (JobOutcome outcome : JobOutcome.values()) {
				meters.ended(job(kind), outcome, null, 1);
			}
			meters.started(job(kind), 1);
		}
		meters.late(job(JobKind.PERIODIC), 1);
		Arrays.stream(TickResult.values()).forEach((result) -> meters.ticked("nightly", result, 1));
		Arrays.stream(RejectionReason.values()).forEach((reason) -> meters.rejected("default", reason));
	}

	private static Job<?> job(JobKind kind) {
		Job<?> job = Mockito.mock();
		BDDMockito.given(job.name()).willReturn("nightly");
		BDDMockito.given(job.kind()).willReturn(kind);
		BDDMockito.given(job.pool()).willReturn("default");
		return job;
	}

	/**
	 * What {@code management.metrics.distribution.percentiles-histogram} sets.
	 */
	private static final class Histograms implements MeterFilter {

		@Override
		public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
			return DistributionStatisticConfig.builder()
				.percentilesHistogram(true)
				.maximumExpectedValue((double) Duration.ofSeconds(1).toNanos())
				.build()
				.merge(config);
		}

	}

}
