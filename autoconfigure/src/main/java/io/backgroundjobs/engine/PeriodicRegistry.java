package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.OverlapPolicy;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.RejectionReason;

/**
 * The periodic jobs of a scheduler, by name. Guarded by its monitor.
 */
final class PeriodicRegistry {

	private static final Logger logger = LoggerFactory.getLogger(PeriodicRegistry.class);

	/** How many intervals of a cron schedule are looked at for its jitter. */
	private static final int LOOK_AHEAD = 50;

	private final Map<String, RegisteredJob> jobs = new LinkedHashMap<>();

	private final Surroundings engine;

	private final Spawning spawning;

	private final TargetExecutors executors;

	private final JobOverrides overrides;

	private final Duration minimumInterval;

	private final String instance;

	private final Supplier<@Nullable ClusterJobs> cluster;

	private volatile boolean ticking;

	PeriodicRegistry(Surroundings engine, Spawning spawning, TargetExecutors executors, JobEngineBuilder settings,
			String instance) {
		this.engine = engine;
		this.spawning = spawning;
		this.executors = executors;
		this.overrides = settings.overrides;
		this.minimumInterval = settings.minimumInterval;
		this.cluster = settings.cluster;
		this.instance = instance;
	}

	PeriodicJobHandle add(PeriodicJobSpec given, JobBody<?> body) {
		PeriodicJobSpec spec = this.overrides.apply(given);
		check(spec);
		RegisteredJob added = register(spec, body);
		RegisteredJob replaced;
		boolean starts;
		synchronized (this) {
			replaced = this.jobs.get(uniform(spec.name()));
			if (replaced != null && !spec.isReplacing()) {
				throw new JobConfigurationException(
						"There is a periodic job '" + replaced.name() + "' already, so '" + spec.name()
								+ "' cannot be added",
						"Give it another name; upper and lower case and dashes make no difference. "
								+ "To take its place, use PeriodicJobSpec.replacing().");
			}
			this.jobs.put(uniform(spec.name()), added);
			starts = this.ticking;
		}
		added.named();
		if (replaced != null) {
			replaced.remove();
		}
		if (starts) {
			added.startTicking();
		}
		return added;
	}

	private RegisteredJob register(PeriodicJobSpec spec, JobBody<?> body) {
		if (spec.scope() == JobScope.INSTANCE) {
			return new PeriodicRegistration(this, spec, body, plan(spec));
		}
		ClusterPlan plan = clusterPlan(spec);
		ClusterJobs shared = this.cluster.get();
		if (shared == null) {
			throw new JobConfigurationException(
					"The periodic job '" + spec.name()
							+ "' has the scope CLUSTER, and there is nothing that the instances share",
					"Add com.github.kagkarlsson:db-scheduler, spring-boot-starter-jdbc and a DataSource; a Scheduler "
							+ "bean of db-scheduler that the application has itself switches this off. "
							+ "Or use the scope INSTANCE.");
		}
		return new ClusterRegistration(this, spec, body, plan, shared);
	}

	synchronized @Nullable RegisteredJob find(String name) {
		RegisteredJob found = this.jobs.get(uniform(name));
		return (found != null && found.name().equals(name)) ? found : null;
	}

	synchronized List<RegisteredJob> all() {
		return new ArrayList<>(this.jobs.values());
	}

	void remove(RegisteredJob job) {
		synchronized (this) {
			this.jobs.remove(uniform(job.name()), job);
		}
	}

	void startTicking() {
		Collection<RegisteredJob> started;
		synchronized (this) {
			this.ticking = true;
			started = all();
		}
		started.forEach(RegisteredJob::startTicking);
	}

	void stopTicking() {
		Collection<RegisteredJob> stopped;
		synchronized (this) {
			this.ticking = false;
			stopped = all();
		}
		stopped.forEach(RegisteredJob::stopTicking);
	}

	boolean isTicking() {
		return this.ticking;
	}

	Surroundings engine() {
		return this.engine;
	}

	Venue venue(PeriodicJobSpec spec) {
		return (spec.executor() != null) ? this.executors : this.spawning.poolOf(spec.run());
	}

	TickPlan plan(PeriodicJobSpec spec) {
		JobSchedule schedule = spec.schedule();
		if (schedule instanceof JobSchedule.FixedRate rate) {
			return new FixedRatePlan(interval(spec, "every", rate.every()), phase(spec, interval(schedule)));
		}
		if (schedule instanceof JobSchedule.FixedDelay delay) {
			return new FixedDelayPlan(interval(spec, "fixedDelay", delay.delay()), phase(spec, interval(schedule)));
		}
		if (schedule instanceof JobSchedule.Cron cron) {
			CronSchedule parsed = parse(spec, cron);
			return new CronPlan(parsed, phase(spec, shortestInterval(parsed)));
		}
		if (schedule instanceof JobSchedule.Custom custom) {
			return new TriggerPlan(custom.trigger(), phase(spec, Long.MAX_VALUE));
		}
		if (spec.isEnabled()) {
			throw new JobConfigurationException("The periodic job '" + spec.name() + "' has no schedule",
					"Give exactly one of every, fixedDelay, cron and trigger.");
		}
		return new NoPlan();
	}

	/**
	 * Name the instants of a job that all instances share.
	 */
	ClusterPlan clusterPlan(PeriodicJobSpec spec) {
		ClusterRules.check(spec);
		JobSchedule schedule = spec.schedule();
		if (schedule instanceof JobSchedule.FixedRate rate) {
			return new ClusterPlan.Rate(interval(spec, "every", rate.every()), sharedPhase(spec, interval(schedule)));
		}
		if (schedule instanceof JobSchedule.Cron cron) {
			CronSchedule parsed = parse(spec, cron);
			return new ClusterPlan.Cron(parsed, sharedPhase(spec, shortestInterval(parsed)));
		}
		if (schedule instanceof JobSchedule.FixedDelay delay) {
			return new ClusterPlan.Delay(Duration.ofNanos(interval(spec, "fixedDelay", delay.delay())));
		}
		// Disabled, or nothing that could be.
		plan(spec);
		return (instant) -> null;
	}

	/**
	 * Return the interval of a schedule.
	 * @return nanoseconds, or -1 if it has none
	 */
	static long interval(JobSchedule schedule) {
		if (schedule instanceof JobSchedule.FixedRate rate) {
			return Waiting.nanos(rate.every());
		}
		return (schedule instanceof JobSchedule.FixedDelay delay) ? Waiting.nanos(delay.delay()) : -1;
	}

	/**
	 * Admit a triggered run as its pool's overflow policy says.
	 */
	void admit(Venue venue, JobRun<?> run) {
		if (venue instanceof Pool pool) {
			this.spawning.admit(pool, run, Entry.NOW, true);
			return;
		}
		RejectionReason refusal = this.executors.admit(run, false);
		if (refusal != null) {
			throw rejected(refusal, venue, run);
		}
		bring(venue, run);
	}

	@Nullable RejectionReason admitTick(Venue venue, JobRun<?> run, OverlapPolicy overlap) {
		if (venue instanceof Pool pool) {
			return pool.admit(run, (overlap == OverlapPolicy.CONCURRENT) ? Entry.NOW : Entry.TICK, null);
		}
		return this.executors.admit(run, false);
	}

	@Nullable RejectionReason admitBehind(Venue venue, JobRun<?> run, Entry entry) {
		return (venue instanceof Pool pool) ? pool.admit(run, entry, null) : this.executors.admit(run, true);
	}

	/**
	 * Bring an admitted run to its executor, if it has one.
	 */
	void bring(Venue venue, JobRun<?> run) {
		if (venue == this.executors) {
			this.executors.bring(run);
		}
	}

	/**
	 * Carry a tick's run out here.
	 * @return whether it was admitted
	 */
	boolean carry(ClusterRun run) {
		return this.spawning.carry(run) == null;
	}

	/**
	 * Admit a run that was triggered, as its pool's overflow policy says.
	 */
	Job<?> admit(ClusterRun work) {
		Pool pool = this.spawning.poolOf(work.options());
		StoredRun run = this.spawning.stored(work, pool, work.options());
		this.spawning.admit(pool, run, Entry.NOW, true);
		return run;
	}

	JobRejectedException rejected(RejectionReason reason, Venue venue, JobRun<?> run) {
		return rejected(reason, venue, run.name());
	}

	JobRejectedException rejected(RejectionReason reason, Venue venue, String name) {
		String why = switch (reason) {
			case OVERLAP -> "it runs already";
			case HELD_ELSEWHERE -> "another instance runs it";
			case FULL -> "pool '" + venue.name() + "' is full";
			case NOT_STARTED -> "the scheduler has not been started";
			default -> "the scheduler is shutting down";
		};
		return this.spawning.rejected(reason, venue, "Job '" + name + "' was rejected: " + why);
	}

	void executorGone(PeriodicRegistration job) {
		logger.warn("The periodic job '{}' was removed, because its executor has been shut down", job.name());
		this.engine.turns().executorGone(job);
	}

	/**
	 * Return the form in which names are compared: environment variables lose dashes and
	 * case.
	 */
	static String uniform(String name) {
		return name.toLowerCase(Locale.ROOT).replace("-", "");
	}

	private void check(PeriodicJobSpec spec) {
		if (spec.executor() != null && spec.run().pool() != null) {
			throw new JobConfigurationException("The periodic job '" + spec.name()
					+ "' has both an executor and the pool '" + spec.run().pool() + "'", "Give one of them.");
		}
	}

	private long interval(PeriodicJobSpec spec, String attribute, Duration interval) {
		if (interval.compareTo(this.minimumInterval) < 0) {
			throw new JobConfigurationException(
					"The interval '" + attribute + "' of the periodic job '" + spec.name() + "' is " + interval
							+ ", below the minimum of " + this.minimumInterval,
					"Give a longer interval, or lower background-jobs.minimum-interval (not below 1ms).");
		}
		return Waiting.nanos(interval);
	}

	private CronSchedule parse(PeriodicJobSpec spec, JobSchedule.Cron cron) {
		try {
			CronSchedule schedule = CronSchedule.parse(cron.expression(), cron.zone());
			if (schedule.next(this.engine.clock().instant()) == null) {
				throw new JobConfigurationException("The cron expression '" + cron.expression() + "' never fires",
						"Check its day and month: there is no 31st of February. Use '-' for a job that shall not run.");
			}
			return schedule;
		}
		catch (JobConfigurationException ex) {
			throw new JobConfigurationException("The periodic job '" + spec.name() + "': " + ex.getMessage(),
					ex.action(), ex);
		}
	}

	/**
	 * Return the shortest of the next intervals of a cron schedule, which the shift must
	 * stay below.
	 */
	private long shortestInterval(CronSchedule schedule) {
		long shortest = Long.MAX_VALUE;
		Instant instant = schedule.next(this.engine.clock().instant());
		for (int i = 0; i < LOOK_AHEAD && instant != null; i++) {
			Instant following = schedule.next(instant);
			if (following != null) {
				shortest = Math.min(shortest, Waiting.nanos(Duration.between(instant, following)));
			}
			instant = following;
		}
		return shortest;
	}

	/**
	 * Return the shift that all instances have.
	 */
	private static long sharedPhase(PeriodicJobSpec spec, long interval) {
		return Jitter.phase(spec.name(), "", Math.min(Waiting.nanos(spec.jitter()), interval));
	}

	private long phase(PeriodicJobSpec spec, long interval) {
		long bound = Math.min(Waiting.nanos(spec.jitter()), interval);
		return Jitter.phase(spec.name(), this.instance, bound);
	}

}
