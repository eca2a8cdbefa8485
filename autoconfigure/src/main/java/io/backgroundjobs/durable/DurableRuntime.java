package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of db-scheduler between one start and the next stop, and the threads that
 * it has. Its {@code stop()} ends them for good, so that each start needs a new one.
 */
final class DurableRuntime {

	private static final Logger logger = LoggerFactory.getLogger(DurableRuntime.class);

	/** More than there ever are: how many are fetched is up to the {@link Intake}. */
	private static final int NO_LIMIT = 100_000;

	/** The fewest that db-scheduler takes. */
	private static final int MISSED_HEARTBEATS = 4;

	/** So long that rows of names that no instance knows are never deleted. */
	private static final Duration NEVER = Duration.ofDays(100 * 365L);

	/** How long after something went wrong there is another look. */
	private static final Duration AGAIN = Duration.ofSeconds(1);

	private final DatabaseWatch database;

	private final Clock clock;

	private final Duration heartbeatInterval;

	private final WakeUps wakeUps;

	private final ScheduledThreadPoolExecutor housekeeper;

	private final Scheduler scheduler;

	/** Whether due jobs are to be fetched, as far as the application is concerned. */
	private volatile boolean fetching;

	DurableRuntime(DataSource dataSource, List<Task<?>> tasks, DurableSettings settings, FetchQueries queries,
			DatabaseWatch database, Arrivals arrivals, Clock clock) {
		this.database = database;
		this.clock = clock;
		this.heartbeatInterval = settings.heartbeatInterval();
		this.housekeeper = new Housekeeper();
		SchedulerBuilder builder = Scheduler.create(dataSource, tasks)
			.serializer(RawBytes.INSTANCE)
			.tableName(settings.table())
			.schedulerName(new SchedulerName.Fixed(settings.instance()))
			.threads(NO_LIMIT)
			.executorService(DurableThreads.carriers(arrivals))
			.dueExecutor(DurableThreads.poller())
			.housekeeperExecutor(this.housekeeper)
			.pollingInterval(settings.pollInterval())
			.heartbeatInterval(settings.heartbeatInterval())
			.missedHeartbeatsLimit(MISSED_HEARTBEATS)
			.deleteUnresolvedAfter(NEVER)
			.shutdownMaxWait(settings.stopTimeout())
			.jdbcCustomization(queries)
			.enablePriority()
			.addSchedulerListener(new Watcher());
		this.scheduler = (queries.supportsSingleStatementLockAndFetch() ? builder.pollUsingLockAndFetch(0.5, 1.0)
				: builder.pollUsingFetch(0.5, 1.0))
			.build();
		this.wakeUps = new WakeUps(this.housekeeper, this::look, clock);
	}

	void start() {
		this.fetching = true;
		this.scheduler.start();
	}

	/**
	 * Fetch no more jobs. What has been fetched goes on, and its heartbeat too.
	 */
	void hold() {
		this.fetching = false;
		this.scheduler.pause();
	}

	/**
	 * Undo {@link #hold}.
	 */
	void release() {
		this.fetching = true;
		if (this.database.unavailableSince() == null) {
			this.scheduler.resume();
			look();
		}
	}

	/**
	 * Look for due jobs now.
	 */
	void look() {
		this.scheduler.triggerCheckForDueExecutions();
	}

	/**
	 * Look for due jobs at an instant.
	 */
	void lookAt(Instant due) {
		this.wakeUps.at(due);
	}

	/**
	 * Do something that asks the database, unless it does not answer.
	 * @return whether it will be done
	 */
	boolean later(Runnable question) {
		try {
			this.housekeeper.execute(() -> ask(question));
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/**
	 * Let the heart of a hold beat.
	 */
	void regularly(RowHold hold, Duration interval) {
		try {
			hold.heartbeat(this.housekeeper.scheduleWithFixedDelay(() -> ask(hold::beat), interval.toNanos(),
					interval.toNanos(), TimeUnit.NANOSECONDS));
		}
		catch (RejectedExecutionException ex) {
			// Stopping: the run ends, or another instance takes it over.
			logger.debug("No heartbeat for {}", hold, ex);
		}
	}

	private void ask(Runnable question) {
		if (this.database.unavailableSince() != null) {
			return;
		}
		try {
			question.run();
		}
		catch (RuntimeException ex) {
			// One line for the outage, if it is one.
			if (this.database.look()) {
				logger.warn("The database of the durable jobs did not do what was asked", ex);
			}
		}
	}

	void stop() {
		hold();
		this.scheduler.stop();
		// It is none of the scheduler's concern that these are ours.
		this.housekeeper.shutdownNow();
	}

	/**
	 * Do housekeeping only while the database answers, and fetch only then. Nobody is
	 * taken for dead before all had the time to say that they are not.
	 */
	private void whileItAnswers(boolean takesOver, Runnable housekeeping) {
		if (!this.database.look()) {
			this.scheduler.pause();
			return;
		}
		if (!takesOver || this.database.answersFor(this.heartbeatInterval.multipliedBy(2))) {
			housekeeping.run();
		}
		// Whoever has seen that it is back.
		if (this.fetching && this.scheduler.getSchedulerState().isPaused()) {
			this.scheduler.resume();
			look();
		}
	}

	/**
	 * Nobody could do anything with a row that was found.
	 */
	void failed(RuntimeException failure) {
		if (lookLater()) {
			logger.warn("Due jobs were found, and could not be taken", failure);
		}
	}

	/**
	 * Something went wrong: look again in a while, or when the database is back.
	 * @return whether it answers
	 */
	private boolean lookLater() {
		boolean answers = this.database.look();
		if (answers) {
			lookAt(this.clock.instant().plus(AGAIN));
		}
		else {
			this.scheduler.pause();
		}
		return answers;
	}

	/**
	 * Lets the regular work of the scheduler be skipped while the database is away.
	 */
	private final class Housekeeper extends ScheduledThreadPoolExecutor {

		private Housekeeper() {
			super(1, DurableThreads.named("background-jobs-durable-housekeeping-"));
			setRemoveOnCancelPolicy(true);
			setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		}

		@Override
		public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
			// db-scheduler looks for dead instances at longer intervals than it beats.
			boolean takesOver = unit.toNanos(delay) > DurableRuntime.this.heartbeatInterval.toNanos();
			return super.scheduleWithFixedDelay(() -> whileItAnswers(takesOver, task), first, delay, unit);
		}

	}

	/**
	 * Looks whether the database is there when something went wrong, so that it goes
	 * wrong once and not again and again.
	 */
	private final class Watcher extends AbstractSchedulerListener {

		@Override
		public void onExecutionScheduled(TaskInstanceId row, Instant due) {
			// By an attempt that has ended here.
			lookAt(due);
		}

		@Override
		public void onCandidateEvent(CandidateEventType type) {
			if (type != CandidateEventType.EXECUTED) {
				Arrivals.arrived();
			}
		}

		@Override
		public void onSchedulerEvent(SchedulerEventType type) {
			if (type == SchedulerEventType.UNEXPECTED_ERROR) {
				// It may have been a look that failed, and would be missed.
				lookLater();
			}
		}

	}

}
