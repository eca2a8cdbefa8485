package io.backgroundjobs.observation;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

/**
 * Records jobs, ticks and rejections as meters. Each meter is looked up in the registry
 * once and kept, so that a job costs about three recordings.
 *
 * @since 1.0.0
 */
public final class JobMeters implements JobRecorder {

	/** The tag of names beyond the limit. */
	private static final String OTHER = "other";

	private static final String NONE = "none";

	private static final Logger logger = LoggerFactory.getLogger(JobMeters.class);

	private final MeterRegistry registry;

	private final int maxNames;

	private final Set<String> names = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean warned = new AtomicBoolean();

	private final Map<JobTags, Timer> jobs = new ConcurrentHashMap<>();

	private final Map<String, Timer> waits = new ConcurrentHashMap<>();

	private final Map<String, Timer> latenesses = new ConcurrentHashMap<>();

	private final Map<TickTags, Counter> ticks = new ConcurrentHashMap<>();

	private final Map<RejectionTags, Counter> rejections = new ConcurrentHashMap<>();

	/**
	 * Create the recorder.
	 * @param registry where the meters are
	 * @param maxNames how many names that code gives to jobs become tags; not negative
	 */
	public JobMeters(MeterRegistry registry, int maxNames) {
		this.registry = registry;
		this.maxNames = maxNames;
	}

	@Override
	public void started(Job<?> job, long waited) {
		this.waits.computeIfAbsent(job.pool(), this::waitTimer).record(waited, TimeUnit.NANOSECONDS);
	}

	@Override
	public void late(Job<?> job, long late) {
		this.latenesses.computeIfAbsent(job.name(), this::latenessTimer).record(late, TimeUnit.NANOSECONDS);
	}

	@Override
	public void ended(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
		JobTags tags = new JobTags(tagName(job), job.kind(), job.pool(), outcome, exception(failure));
		this.jobs.computeIfAbsent(tags, this::jobTimer).record(ran, TimeUnit.NANOSECONDS);
	}

	@Override
	public void ticked(String name, TickResult result, long count) {
		this.ticks.computeIfAbsent(new TickTags(name, result), this::tickCounter).increment((double) count);
	}

	@Override
	public void rejected(String pool, RejectionReason reason) {
		this.rejections.computeIfAbsent(new RejectionTags(pool, reason), this::rejectionCounter).increment();
	}

	/**
	 * Code can make up names without end; annotations and properties cannot.
	 */
	private String tagName(Job<?> job) {
		if (job.kind() != JobKind.SPAWNED && job.kind() != JobKind.BACKGROUND) {
			return job.name();
		}
		return (this.names.contains(job.name()) || addName(job.name())) ? job.name() : OTHER;
	}

	private boolean addName(String name) {
		synchronized (this.names) {
			if (this.names.size() < this.maxNames) {
				this.names.add(name);
				return true;
			}
		}
		if (this.warned.compareAndSet(false, true)) {
			logger.warn(
					"More than {} different names of spawned jobs: '{}' and further ones are recorded as '{}'. "
							+ "Names are for kinds of jobs: put what differs from job to job into the MDC or the key. "
							+ "The limit is the property background-jobs.metrics.max-names.",
					this.maxNames, name, OTHER);
		}
		return false;
	}

	private static String exception(@Nullable Throwable failure) {
		if (failure == null) {
			return NONE;
		}
		// An anonymous class has no simple name.
		String name = failure.getClass().getSimpleName();
		return !name.isEmpty() ? name : failure.getClass().getName();
	}

	private Timer jobTimer(JobTags tags) {
		return Timer.builder("background.jobs")
			.description("Running time of jobs that have ended")
			.tag("name", tags.name())
			.tag("kind", tags.kind().toString())
			.tag("pool", tags.pool())
			.tag("outcome", tags.outcome().toString())
			.tag("exception", tags.exception())
			.register(this.registry);
	}

	private Timer waitTimer(String pool) {
		return Timer.builder("background.jobs.wait")
			.description("Time that jobs were due and waited for a place")
			.tag("pool", pool)
			.register(this.registry);
	}

	private Timer latenessTimer(String name) {
		return Timer.builder("background.jobs.lateness")
			.description("Time from the tick of a periodic job to the start of its run")
			.tag("name", name)
			.register(this.registry);
	}

	private Counter tickCounter(TickTags tags) {
		return Counter.builder("background.jobs.ticks")
			.description("Ticks of periodic jobs")
			.tag("name", tags.name())
			.tag("result", tags.result().toString())
			.register(this.registry);
	}

	private Counter rejectionCounter(RejectionTags tags) {
		return Counter.builder("background.jobs.rejected")
			.description("Jobs that were not accepted")
			.tag("pool", tags.pool())
			.tag("reason", tags.reason().toString())
			.register(this.registry);
	}

	private record JobTags(String name, JobKind kind, String pool, JobOutcome outcome, String exception) {
	}

	private record TickTags(String name, TickResult result) {
	}

	private record RejectionTags(String pool, RejectionReason reason) {
	}

}
