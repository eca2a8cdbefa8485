package io.backgroundjobs;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.scheduling.Trigger;

/**
 * How a periodic job is scheduled and run. Immutable; each method returns a copy.
 *
 * <pre class="code">
 * PeriodicJobSpec.named("clean-up").every(Duration.ofMinutes(5)).overlap(OverlapPolicy.QUEUE_ONE)
 * </pre>
 *
 * @since 1.0.0
 */
public final class PeriodicJobSpec {

	/**
	 * How many missed instants {@link MissedRunPolicy#CATCH_UP} runs unless told
	 * otherwise.
	 */
	public static final int DEFAULT_CATCH_UP_LIMIT = 10;

	private final JobOptions run;

	private final JobSchedule schedule;

	private final @Nullable Duration initialDelay;

	private final Duration jitter;

	private final OverlapPolicy overlap;

	private final MissedRunPolicy missed;

	private final int catchUpLimit;

	private final JobScope scope;

	private final @Nullable Executor executor;

	private final boolean enabled;

	private final boolean paused;

	private final boolean replacing;

	private PeriodicJobSpec(Draft draft) {
		this.run = draft.run;
		this.schedule = draft.schedule;
		this.initialDelay = draft.initialDelay;
		this.jitter = draft.jitter;
		this.overlap = draft.overlap;
		this.missed = draft.missed;
		this.catchUpLimit = draft.catchUpLimit;
		this.scope = draft.scope;
		this.executor = draft.executor;
		this.enabled = draft.enabled;
		this.paused = draft.paused;
		this.replacing = draft.replacing;
	}

	/**
	 * Create a specification with a name and no schedule.
	 * @param name the name of the job, unique in the scheduler:
	 * {@code [A-Za-z0-9][A-Za-z0-9._-]*}
	 * @return the specification
	 * @throws JobConfigurationException if the name is not of that form
	 */
	public static PeriodicJobSpec named(String name) {
		return new PeriodicJobSpec(new Draft(JobOptions.named(name)));
	}

	/**
	 * Run at a fixed rate, from start to start.
	 * @param every the interval; positive
	 * @return a copy with this schedule
	 */
	public PeriodicJobSpec every(Duration every) {
		return schedule(new JobSchedule.FixedRate(every));
	}

	/**
	 * Run with a fixed delay, from the end of a run to the start of the next.
	 * @param delay the pause between two runs; positive
	 * @return a copy with this schedule
	 */
	public PeriodicJobSpec fixedDelay(Duration delay) {
		return schedule(new JobSchedule.FixedDelay(delay));
	}

	/**
	 * Run by a cron expression in the zone of the JVM.
	 * @param expression six fields, as
	 * {@link org.springframework.scheduling.support.CronExpression} takes them
	 * @return a copy with this schedule
	 */
	public PeriodicJobSpec cron(String expression) {
		return cron(expression, ZoneId.systemDefault());
	}

	/**
	 * Run by a cron expression.
	 * @param expression six fields, as
	 * {@link org.springframework.scheduling.support.CronExpression} takes them
	 * @param zone the zone of its local time
	 * @return a copy with this schedule
	 */
	public PeriodicJobSpec cron(String expression, ZoneId zone) {
		return schedule(new JobSchedule.Cron(expression, zone));
	}

	/**
	 * Run when a trigger of one's own says so.
	 * @param trigger asked for the next instant after each run
	 * @return a copy with this schedule
	 */
	public PeriodicJobSpec trigger(Trigger trigger) {
		return schedule(new JobSchedule.Custom(trigger));
	}

	/**
	 * Run by a schedule.
	 * @param schedule the schedule
	 * @return a copy with this schedule
	 */
	public PeriodicJobSpec schedule(JobSchedule schedule) {
		Objects.requireNonNull(schedule, "schedule");
		return with((draft) -> draft.schedule = schedule);
	}

	/**
	 * Make the first tick later. Without it, a fixed rate and a fixed delay tick first at
	 * the start of the scheduler. Does not apply again when the scheduler is restarted.
	 * @param initialDelay time from the start to the first tick; not negative
	 * @return a copy with this initial delay
	 */
	public PeriodicJobSpec initialDelay(Duration initialDelay) {
		JobChecks.requireNotNegative("initialDelay of the periodic job '" + name() + "'", initialDelay);
		return with((draft) -> draft.initialDelay = initialDelay);
	}

	/**
	 * Shift all ticks by one constant phase, chosen by the job's name and the instance,
	 * so that instances do not act at the same moment. The shift is below the jitter and
	 * below the interval, and does not count as lateness.
	 * @param jitter the bound of the shift; not negative
	 * @return a copy with this jitter
	 */
	public PeriodicJobSpec jitter(Duration jitter) {
		JobChecks.requireNotNegative("jitter of the periodic job '" + name() + "'", jitter);
		return with((draft) -> draft.jitter = jitter);
	}

	/**
	 * Decide what a tick does while an earlier run has not ended.
	 * @param overlap the policy; {@link OverlapPolicy#SKIP} unless given
	 * @return a copy with this policy
	 */
	public PeriodicJobSpec overlap(OverlapPolicy overlap) {
		Objects.requireNonNull(overlap, "overlap");
		return with((draft) -> draft.overlap = overlap);
	}

	/**
	 * Decide what becomes of instants that the clock has missed.
	 * @param missed the policy; {@link MissedRunPolicy#RUN_ONCE} unless given
	 * @return a copy with this policy
	 */
	public PeriodicJobSpec missed(MissedRunPolicy missed) {
		Objects.requireNonNull(missed, "missed");
		return with((draft) -> draft.missed = missed);
	}

	/**
	 * Bound the runs of {@link MissedRunPolicy#CATCH_UP}.
	 * @param limit how many missed instants run at most; at least 1
	 * @return a copy with this bound
	 */
	public PeriodicJobSpec catchUpLimit(int limit) {
		if (limit < 1) {
			throw new JobConfigurationException("The catch-up limit of the periodic job '" + name() + "' is " + limit,
					"Give 1 or more.");
		}
		return with((draft) -> draft.catchUpLimit = limit);
	}

	/**
	 * Run on each instance of the application, or on one of them.
	 * @param scope the scope; {@link JobScope#INSTANCE} unless given
	 * @return a copy with this scope
	 */
	public PeriodicJobSpec scope(JobScope scope) {
		Objects.requireNonNull(scope, "scope");
		return with((draft) -> draft.scope = scope);
	}

	/**
	 * Run in another pool than {@code default}.
	 * @param pool the name of the pool
	 * @return a copy with this pool
	 */
	public PeriodicJobSpec pool(String pool) {
		return run((options) -> options.pool(pool));
	}

	/**
	 * Run on an executor of the application's own, outside of all pools. When the
	 * executor is shut down, the job is removed.
	 * @param executor the executor
	 * @return a copy with this executor
	 */
	public PeriodicJobSpec executor(Executor executor) {
		Objects.requireNonNull(executor, "executor");
		return with((draft) -> draft.executor = executor);
	}

	/**
	 * Limit the running time of each attempt.
	 * @param timeout the running time; positive
	 * @return a copy with this timeout
	 */
	public PeriodicJobSpec timeout(Duration timeout) {
		return run((options) -> options.timeout(timeout));
	}

	/**
	 * Do not limit the running time, whatever the pool's timeout is.
	 * @return a copy without a timeout
	 */
	public PeriodicJobSpec noTimeout() {
		return run(JobOptions::noTimeout);
	}

	/**
	 * Shield each run.
	 * @return a copy whose runs nobody can cancel
	 * @see JobOptions#shielded()
	 */
	public PeriodicJobSpec shielded() {
		return run(JobOptions::shielded);
	}

	/**
	 * Let each run go ahead of pending jobs with a lower number.
	 * @param priority the priority; 0 unless given, higher goes first
	 * @return a copy with this priority
	 */
	public PeriodicJobSpec priority(int priority) {
		return run((options) -> options.priority(priority));
	}

	/**
	 * Try a failed run again.
	 * @param policy which failures are tried again, how often and when
	 * @return a copy with this policy
	 * @see JobOptions#retry(RetryPolicy)
	 */
	public PeriodicJobSpec retry(RetryPolicy policy) {
		return run((options) -> options.retry(policy));
	}

	/**
	 * Let the job tick, or let it only be known.
	 * @param enabled {@code false} for a job that never ticks; it can be triggered
	 * @return a copy that is enabled or not
	 */
	public PeriodicJobSpec enabled(boolean enabled) {
		return with((draft) -> draft.enabled = enabled);
	}

	/**
	 * Begin paused.
	 * @param paused whether the job is paused until {@link PeriodicJobHandle#resume()}
	 * @return a copy that begins paused or not
	 */
	public PeriodicJobSpec paused(boolean paused) {
		return with((draft) -> draft.paused = paused);
	}

	/**
	 * Take the place of a periodic job of the same name, if there is one.
	 * @return a copy that replaces
	 */
	public PeriodicJobSpec replacing() {
		return with((draft) -> draft.replacing = true);
	}

	/**
	 * Return the name of the job.
	 * @return the name
	 */
	public String name() {
		return this.run.name();
	}

	/**
	 * Return how each run is run.
	 * @return the options of a run
	 */
	public JobOptions run() {
		return this.run;
	}

	/**
	 * Return the schedule.
	 * @return the schedule; {@link JobSchedule.Never} if none was given
	 */
	public JobSchedule schedule() {
		return this.schedule;
	}

	/**
	 * Return the initial delay.
	 * @return the delay, or {@code null} if none was given
	 */
	public @Nullable Duration initialDelay() {
		return this.initialDelay;
	}

	/**
	 * Return the bound of the shift.
	 * @return the jitter; zero for none
	 */
	public Duration jitter() {
		return this.jitter;
	}

	/**
	 * Return the overlap policy.
	 * @return the policy
	 */
	public OverlapPolicy overlap() {
		return this.overlap;
	}

	/**
	 * Return the missed-run policy.
	 * @return the policy
	 */
	public MissedRunPolicy missed() {
		return this.missed;
	}

	/**
	 * Return the bound of {@link MissedRunPolicy#CATCH_UP}.
	 * @return how many missed instants run at most
	 */
	public int catchUpLimit() {
		return this.catchUpLimit;
	}

	/**
	 * Return the scope.
	 * @return the scope
	 */
	public JobScope scope() {
		return this.scope;
	}

	/**
	 * Return the target executor.
	 * @return the executor, or {@code null} if the job runs in a pool
	 */
	public @Nullable Executor executor() {
		return this.executor;
	}

	/**
	 * Whether the job ticks.
	 * @return whether it is enabled
	 */
	public boolean isEnabled() {
		return this.enabled;
	}

	/**
	 * Whether the job begins paused.
	 * @return whether it begins paused
	 */
	public boolean isPaused() {
		return this.paused;
	}

	/**
	 * Whether the job takes the place of one with the same name.
	 * @return whether it replaces
	 */
	public boolean isReplacing() {
		return this.replacing;
	}

	private PeriodicJobSpec run(UnaryOperator<JobOptions> change) {
		return with((draft) -> draft.run = change.apply(draft.run));
	}

	private PeriodicJobSpec with(Consumer<Draft> change) {
		Draft draft = new Draft(this);
		change.accept(draft);
		return new PeriodicJobSpec(draft);
	}

	/**
	 * What a copy is made from; never leaves this class.
	 */
	private static final class Draft {

		private JobOptions run;

		private JobSchedule schedule = new JobSchedule.Never();

		private @Nullable Duration initialDelay;

		private Duration jitter = Duration.ZERO;

		private OverlapPolicy overlap = OverlapPolicy.SKIP;

		private MissedRunPolicy missed = MissedRunPolicy.RUN_ONCE;

		private int catchUpLimit = DEFAULT_CATCH_UP_LIMIT;

		private JobScope scope = JobScope.INSTANCE;

		private @Nullable Executor executor;

		private boolean enabled = true;

		private boolean paused;

		private boolean replacing;

		private Draft(JobOptions run) {
			this.run = run;
		}

		private Draft(PeriodicJobSpec spec) {
			this.run = spec.run;
			this.schedule = spec.schedule;
			this.initialDelay = spec.initialDelay;
			this.jitter = spec.jitter;
			this.overlap = spec.overlap;
			this.missed = spec.missed;
			this.catchUpLimit = spec.catchUpLimit;
			this.scope = spec.scope;
			this.executor = spec.executor;
			this.enabled = spec.enabled;
			this.paused = spec.paused;
			this.replacing = spec.replacing;
		}

	}

}
