package io.backgroundjobs.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;

import io.backgroundjobs.process.durable.Handover;

/**
 * What the instances have written down, and whether it is as it was promised.
 */
final class DurableRecord {

	/**
	 * Between the end of a body, as the test's own row says it, and the removal of the
	 * job's row an instance may be killed.
	 */
	private static final String REMOVAL = "interval '2 seconds'";

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private final TestDatabase database;

	DurableRecord(TestDatabase database) {
		this.database = database;
	}

	/**
	 * Wait until an instance has begun a job.
	 */
	void awaitWork(DurableInstance instance) {
		Awaitility.await(instance.name())
			.atMost(PATIENCE)
			.until(() -> this.database.number("select count(*) from attempts where instance = ?", instance.name()) > 0);
	}

	/**
	 * Wait until so many jobs have been committed.
	 */
	void awaitCommitted(int jobs) {
		Awaitility.await(jobs + " jobs")
			.atMost(PATIENCE)
			.until(() -> this.database.number("select count(*) from committed") >= jobs);
	}

	/**
	 * Let no instance spawn any more.
	 */
	void endSpawning() {
		this.database.number("select setval('numbers', ?)", Handover.LAST);
	}

	/**
	 * Wait until there is no job any more.
	 */
	void awaitEmptyQueue(Duration atMost) {
		Awaitility.await("the end of all jobs")
			.atMost(atMost)
			.until(() -> this.database.number("select count(*) from background_jobs") == 0);
	}

	/**
	 * Return how many attempts had an outcome.
	 */
	long attempts(String outcome) {
		return this.database.number("select count(*) from attempts where outcome = ?", outcome);
	}

	/**
	 * Return how many jobs an instance has for itself.
	 */
	long held() {
		return this.database.number("select count(*) from background_jobs where picked");
	}

	/**
	 * Return errands that were done more than once.
	 */
	List<Long> doneMoreThanOnce() {
		return this.database.jdbc()
			.queryForList("select number from attempts where outcome = 'done' group by number having count(*) > 1",
					Long.class);
	}

	/**
	 * Return errands that were committed and never done.
	 */
	List<Long> lost() {
		return this.database.jdbc()
			.queryForList("select number from committed where number not in "
					+ "(select number from attempts where outcome = 'done') order by number", Long.class);
	}

	/**
	 * Return errands that ran although they were never committed. Those that were spawned
	 * without a transaction are there before this is written down.
	 */
	List<Long> uncommitted() {
		return this.database.jdbc()
			.queryForList("select distinct number from attempts where number not in (select number from committed) "
					+ "order by number", Long.class);
	}

	/**
	 * Return attempts that another one followed, or that never ended, without a reason:
	 * it failed and was tried again, or its instance was killed.
	 */
	List<Map<String, Object>> unexplained() {
		return this.database.jdbc()
			.queryForList("select a.*, s.signal, s.at from attempts a left join signals s on s.instance = a.instance "
					+ "where (a.outcome is null or a.outcome = 'interrupted' or exists "
					+ "(select * from attempts later where later.number = a.number and later.id > a.id)) "
					+ "and a.outcome is distinct from 'failed' and not (s.signal is not distinct from 'KILL' "
					+ "and (a.ended_at is null or a.ended_at > s.at - " + REMOVAL + ")) order by a.id");
	}

	/**
	 * Return attempts that have another number than one more than failed before.
	 */
	List<Map<String, Object>> miscounted() {
		return this.database.jdbc()
			.queryForList("select a.* from attempts a where attempt <> 1 + (select count(*) from attempts failed "
					+ "where failed.number = a.number and failed.id < a.id and failed.outcome = 'failed') order by id");
	}

	@Override
	public String toString() {
		String repeated = "select count(*) from attempts a where a.outcome is distinct from 'failed' "
				+ "and exists (select * from attempts later where later.number = a.number and later.id > a.id)";
		return this.database.number("select count(*) from committed") + " jobs committed, "
				+ this.database.number("select count(*) from signals where signal = 'KILL'") + " kills, "
				+ this.database.number("select count(*) from signals where signal = 'TERM'") + " terminations, "
				+ this.database.number("select count(*) from attempts") + " attempts, " + this.database.number(repeated)
				+ " of them repeated after a kill";
	}

}
