package io.backgroundjobs.process.durable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobScope;
import io.backgroundjobs.PeriodicJob;

/**
 * A periodic job that one of the instances runs at each instant. It writes down when it
 * begins and when it ends, each committed at once.
 */
@Component
@ConditionalOnProperty(SharedJob.PROPERTY)
class SharedJob {

	/** Whether an instance has the job. */
	static final String PROPERTY = "durable.shared";

	private static final String NAME = "shared";

	private final JdbcTemplate jdbc;

	private final String instance;

	private final long seed;

	SharedJob(JdbcTemplate jdbc, @Value("${durable.instance}") String instance, @Value("${durable.seed:0}") long seed) {
		this.jdbc = jdbc;
		this.instance = instance;
		this.seed = seed;
	}

	@PeriodicJob(name = NAME, every = "1s", scope = JobScope.CLUSTER)
	void run(JobContext job) throws InterruptedException {
		Instant instant = Instant.parse(job.idempotencyKey().substring(NAME.length() + 1));
		long millis = millis(instant);
		Long id = this.jdbc.queryForObject("insert into runs (instance, instant, millis) values (?, ?, ?) returning id",
				Long.class, this.instance, instant.atOffset(ZoneOffset.UTC), millis);
		Thread.sleep(millis);
		this.jdbc.update("update runs set ended_at = clock_timestamp() where id = ?", id);
	}

	/**
	 * Most runs are short, and every third one takes so long that a signal finds it.
	 */
	private long millis(Instant instant) {
		Random random = new Random(this.seed * 31 + instant.getEpochSecond());
		return (instant.getEpochSecond() % 3 == 0) ? 500 + random.nextInt(301) : random.nextInt(20);
	}

}
