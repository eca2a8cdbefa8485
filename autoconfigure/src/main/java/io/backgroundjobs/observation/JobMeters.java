package io.backgroundjobs.observation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

/**
 * Records jobs, ticks and rejections as meters. Each meter is looked up in the registry
 * once and kept; a job that succeeds costs two recordings and allocates nothing, nor does
 * a tick.
 *
 * @since 1.0.0
 */
public final class JobMeters implements JobRecorder {

	private final MeterRegistry registry;

	private final BoundedJobNames names;

	private final Map<String, PoolTimers> pools = new ConcurrentHashMap<>();

	private final Map<JobTags, Timer> jobs = new ConcurrentHashMap<>();

	private final Map<String, Timer> latenesses = new ConcurrentHashMap<>();

	/** By result, and then by name. Holds every result, so that it is only read. */
	private final Map<TickResult, Map<String, Counter>> ticks = new EnumMap<>(TickResult.class);

	private final Map<RejectionTags, Counter> rejections = new ConcurrentHashMap<>();

	/**
	 * Create the recorder.
	 * @param registry where the meters are
	 * @param names what jobs are called in tags
	 */
	public JobMeters(MeterRegistry registry, BoundedJobNames names) {
		this.registry = registry;
		this.names = names;
		for (TickResult result : TickResult.values()) {
			this.ticks.put(result, new ConcurrentHashMap<>());
		}
	}

	@Override
	public void started(Job<?> job, long waited) {
		pool(job.pool()).waits.record(waited, TimeUnit.NANOSECONDS);
	}

	@Override
	public void late(Job<?> job, long late) {
		Timer timer = this.latenesses.get(job.name());
		if (timer == null) {
			timer = this.latenesses.computeIfAbsent(job.name(), this::latenessTimer);
		}
		timer.record(late, TimeUnit.NANOSECONDS);
	}

	@Override
	public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
		Timer timer = (outcome == JobOutcome.SUCCEEDED) ? successTimer(job) : jobTimer(
				new JobTags(this.names.tagValue(job), job.kind(), job.pool(), outcome, ExceptionName.of(failure)));
		timer.record(ran, TimeUnit.NANOSECONDS);
	}

	@Override
	public void ticked(String name, TickResult result, long count) {
		Map<String, Counter> counters = Objects.requireNonNull(this.ticks.get(result));
		Counter counter = counters.get(name);
		if (counter == null) {
			counter = counters.computeIfAbsent(name, (added) -> tickCounter(added, result));
		}
		counter.increment((double) count);
	}

	@Override
	public void rejected(String pool, RejectionReason reason) {
		this.rejections.computeIfAbsent(new RejectionTags(pool, reason), this::rejectionCounter).increment();
	}

	private PoolTimers pool(String name) {
		PoolTimers timers = this.pools.get(name);
		return (timers != null) ? timers : this.pools.computeIfAbsent(name, this::poolTimers);
	}

	/**
	 * Find the timer of most jobs by what they have at hand.
	 */
	private Timer successTimer(Job<?> job) {
		Map<String, Timer> timers = pool(job.pool()).successes(job.kind());
		Timer timer = timers.get(job.name());
		if (timer != null) {
			return timer;
		}
		JobTags tags = new JobTags(this.names.tagValue(job), job.kind(), job.pool(), JobOutcome.SUCCEEDED,
				ExceptionName.NONE);
		timer = jobTimer(tags);
		// Bounded as the names are: those beyond are not kept.
		timers.put(tags.name(), timer);
		return timer;
	}

	private Timer jobTimer(JobTags tags) {
		return this.jobs.computeIfAbsent(tags, this::registerJobTimer);
	}

	private Timer registerJobTimer(JobTags tags) {
		return Timer.builder("background.jobs")
			.description("Running time of jobs that have ended")
			.tag("name", tags.name())
			.tag("kind", tags.kind().toString())
			.tag("pool", tags.pool())
			.tag("outcome", tags.outcome().toString())
			.tag("exception", tags.exception())
			.register(this.registry);
	}

	private PoolTimers poolTimers(String pool) {
		return new PoolTimers(Timer.builder("background.jobs.wait")
			.description("Time that jobs were due and waited for a place")
			.tag("pool", pool)
			.register(this.registry));
	}

	private Timer latenessTimer(String name) {
		return Timer.builder("background.jobs.lateness")
			.description("Time from the tick of a periodic job to the start of its run")
			.tag("name", name)
			.register(this.registry);
	}

	private Counter tickCounter(String name, TickResult result) {
		return Counter.builder("background.jobs.ticks")
			.description("Ticks of periodic jobs")
			.tag("name", name)
			.tag("result", result.toString())
			.register(this.registry);
	}

	private Counter rejectionCounter(RejectionTags tags) {
		return Counter.builder("background.jobs.rejected")
			.description("Jobs that were not accepted")
			.tag("pool", tags.pool())
			.tag("reason", tags.reason().toString())
			.register(this.registry);
	}

	/**
	 * What the jobs of one pool record most.
	 */
	private static final class PoolTimers {

		private final Timer waits;

		/** By kind, and then by name. Holds every kind, so that it is only read. */
		private final Map<JobKind, Map<String, Timer>> successes = new EnumMap<>(JobKind.class);

		private PoolTimers(Timer waits) {
			this.waits = waits;
			for (JobKind kind : JobKind.values()) {
				this.successes.put(kind, new ConcurrentHashMap<>());
			}
		}

		private Map<String, Timer> successes(JobKind kind) {
			return Objects.requireNonNull(this.successes.get(kind));
		}

	}

	private record JobTags(String name, JobKind kind, String pool, JobOutcome outcome, String exception) {
	}

	private record RejectionTags(String pool, RejectionReason reason) {
	}

}
