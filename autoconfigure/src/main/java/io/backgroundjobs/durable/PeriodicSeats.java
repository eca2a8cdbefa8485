package io.backgroundjobs.durable;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

import io.backgroundjobs.engine.ClusterJobs;
import io.backgroundjobs.engine.ClusterSeat;
import io.backgroundjobs.engine.ClusterWork;

/**
 * This instance's parts in the periodic jobs of all instances. Thread-safe.
 */
final class PeriodicSeats implements ClusterJobs {

	private final DataSource dataSource;

	private final LazyDatabase database;

	private final DurableSettings settings;

	private final CurrentRuntime runtime;

	private final DatabaseWatch watch;

	private final Intake intake;

	private final PeriodicRows rows;

	private final Clock clock;

	private final RowHolds holds = new RowHolds();

	PeriodicSeats(DataSource dataSource, LazyDatabase database, DurableSettings settings, CurrentRuntime runtime,
			DatabaseWatch watch, Intake intake, PeriodicRows rows, Clock clock) {
		this.dataSource = dataSource;
		this.database = database;
		this.settings = settings;
		this.runtime = runtime;
		this.watch = watch;
		this.intake = intake;
		this.rows = rows;
		this.clock = clock;
	}

	@Override
	public ClusterSeat join(ClusterWork work) {
		this.rows.add(work);
		return new PeriodicSeat(this, work);
	}

	void leave(ClusterWork work) {
		this.intake.leave(work.name());
		this.rows.remove(work);
	}

	void attend(ClusterWork work, boolean attends) {
		if (!attends) {
			this.intake.leave(work.name());
			return;
		}
		this.intake.attend(work.name(), work.pool());
		// One that was there at the start has been prepared then.
		prepareLater(work);
	}

	/**
	 * Let the rows of all jobs be there. Asks the database.
	 */
	void prepareAll() {
		this.rows.all().forEach(this::prepare);
	}

	/**
	 * Let the row of a job be there, as soon as a thread of the runtime asks the
	 * database.
	 */
	void prepareLater(ClusterWork work) {
		this.runtime.later(() -> prepare(work));
	}

	private void prepare(ClusterWork work) {
		Database found = this.database.get();
		found.alone(() -> {
			PeriodicRows.prepare(found.client(), work);
			return true;
		});
		this.runtime.look();
	}

	/**
	 * Look for due jobs, the job's tick among them.
	 */
	void look() {
		this.runtime.look();
	}

	/**
	 * Tell a job where it stands, as soon as a thread of the runtime asks the database.
	 * @param asked called as that begins
	 * @return whether it will be told
	 */
	boolean askLater(ClusterWork work, Runnable asked) {
		return this.runtime.later(() -> {
			asked.run();
			Database found = this.database.get();
			found.committed(() -> found.client().getScheduledExecution(TaskInstanceId.of(Rows.PERIODIC, work.name())))
				.ifPresent((row) -> work.stands(row.getExecutionTime(), row.getPickedBy()));
		});
	}

	/**
	 * Hold the row of a job for a run that no tick has asked for.
	 * @return the hold, or {@code null} if somebody else has it
	 */
	@Nullable RowHold hold(ClusterWork work) {
		return this.database.asking("hold the periodic job '" + work.name() + "'", () -> {
			prepare(work);
			String holder = this.settings.instance() + "#" + UUID.randomUUID().toString().substring(0, 8);
			RowHold hold = new RowHold(new JdbcTemplate(this.dataSource), this.database.get(), this.watch,
					this.settings.table(), work.name(), holder, this.clock, this.holds);
			DurableRuntime current = this.runtime.get();
			if (!hold.begin()) {
				return null;
			}
			if (current != null) {
				current.regularly(hold, this.settings.heartbeatInterval());
			}
			return hold;
		});
	}

	/**
	 * Wait until no row is held any more, but no longer than some time.
	 */
	void awaitNoHolds(Duration timeout) {
		this.holds.awaitNone(timeout);
	}

}
