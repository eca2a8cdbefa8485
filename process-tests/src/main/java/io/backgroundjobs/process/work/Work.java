package io.backgroundjobs.process.work;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes a while and then writes one row: what each job does. Thread-safe.
 */
public class Work {

	private final JdbcTemplate jdbc;

	private final Journal journal;

	Work(JdbcTemplate jdbc, Journal journal) {
		this.jdbc = jdbc;
		this.journal = journal;
	}

	/**
	 * Take a while.
	 */
	public void take(long millis) throws InterruptedException {
		Thread.sleep(millis);
	}

	/**
	 * Take a while, then write the row.
	 */
	public void run(String id, String name, long millis) throws InterruptedException {
		take(millis);
		write(id, name);
	}

	/**
	 * Write the row. A failure is written down here, because nobody hears of one whose
	 * job has been cancelled meanwhile.
	 */
	public void write(String id, String name) {
		try {
			this.jdbc.update("insert into work (id, name, at) values (?, ?, current_timestamp)", id, name);
		}
		catch (RuntimeException ex) {
			this.journal.failure(id, ex);
			throw ex;
		}
	}

}
