package io.backgroundjobs.process;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * What the instances have written down of the periodic job that they share.
 */
final class ClusterRecord {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** A signal that is sent now arrives within this time. */
	private static final String UNDERWAY = "interval '400 milliseconds'";

	private final TestDatabase database;

	ClusterRecord(TestDatabase database) {
		this.database = database;
		database.jdbc().execute("create table first_instant (instant timestamp with time zone not null)");
		database.jdbc().execute("""
				create function note_first_instant() returns trigger language plpgsql as $$
				begin
					insert into first_instant values (new.execution_time);
					return new;
				end $$""");
		database.jdbc().execute("""
				create trigger note_first_instant after insert on background_jobs
				for each row execute function note_first_instant()""");
	}

	/**
	 * Wait until an instance has a result of its own, be it that another one has the
	 * tick.
	 */
	void awaitPart(DurableInstance instance) {
		Awaitility.await(instance.name())
			.atMost(PATIENCE)
			.until(() -> this.database.number("select count(*) from ticks where instance = ?", instance.name()) > 0);
	}

	/**
	 * Wait until an instance is in the middle of a run.
	 */
	Run awaitRun() {
		return await("a run that is long enough", () -> first("select * from runs where ended_at is null and "
				+ "started_at + millis * interval '1 millisecond' > clock_timestamp() + " + UNDERWAY));
	}

	/**
	 * Wait for the run that began after another one.
	 */
	Run awaitNext(Run run) {
		return await("the run after " + run, () -> first("select * from runs where id > ? order by id", run.id()));
	}

	private static Run await(String what, Supplier<@Nullable Run> question) {
		return Objects.requireNonNull(Awaitility.await(what)
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(question::get, Objects::nonNull));
	}

	private @Nullable Run first(String sql, Object... arguments) {
		List<Run> runs = this.database.jdbc().query(sql + " limit 1", Run::read, arguments);
		return runs.isEmpty() ? null : runs.get(0);
	}

	/**
	 * Return all runs, in the order in which they began.
	 */
	List<Run> runs() {
		return this.database.jdbc().query("select * from runs order by id", Run::read);
	}

	/**
	 * Return how many instants have come to a result, as the row of the job says it.
	 */
	long instants() {
		return this.database.number("select round(extract(epoch from execution_time - (select instant from "
				+ "first_instant))) from background_jobs where task_name = 'periodic:' and not picked");
	}

	/**
	 * Return how many instants have a result that an instance accounts for itself.
	 */
	long accounted() {
		return this.database.number("select coalesce(sum(count), 0) from ticks where result <> 'held-elsewhere'");
	}

	/**
	 * Return how many instants had a result.
	 */
	long ticks(String result) {
		return this.database.number("select coalesce(sum(count), 0) from ticks where result = ?", result);
	}

	/**
	 * Return how many missed instants an instance has told of at once, at most.
	 */
	long missedBy(String instance) {
		return this.database
			.number("select coalesce(max(count), 0) from ticks where result = 'missed' and instance = ?", instance);
	}

	@Override
	public String toString() {
		return runs().size() + " runs, " + instants() + " instants, " + this.database.jdbc()
			.queryForList("select instance || ' ' || result || ' ' || sum(count) from ticks group by instance, result "
					+ "order by instance, result", String.class);
	}

	/**
	 * A run of the job.
	 *
	 * @param id grows
	 * @param instance where it ran
	 * @param instant the instant that it ran for
	 * @param start when it began
	 * @param end when it ended, or {@code null} if it did not
	 */
	record Run(long id, String instance, Instant instant, Instant start, @Nullable Instant end) {

		private static Run read(ResultSet row, int number) throws SQLException {
			OffsetDateTime end = row.getObject("ended_at", OffsetDateTime.class);
			return new Run(row.getLong("id"), row.getString("instance"),
					row.getObject("instant", OffsetDateTime.class).toInstant(),
					row.getObject("started_at", OffsetDateTime.class).toInstant(),
					(end != null) ? end.toInstant() : null);
		}

	}

}
