package io.backgroundjobs.process.durable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes down, beside the jobs themselves, what was committed and what ran where. What is
 * not written in a transaction of the caller is committed at once. Thread-safe.
 */
@Component
class Ledger {

	private final JdbcTemplate jdbc;

	private final String instance;

	Ledger(JdbcTemplate jdbc, @Value("${durable.instance}") String instance) {
		this.jdbc = jdbc;
		this.instance = instance;
	}

	/**
	 * Return a number that no instance has had.
	 */
	long next() {
		return number("select nextval('numbers')");
	}

	/**
	 * The errand is committed with this row, or not at all.
	 */
	void committed(long number) {
		this.jdbc.update("insert into committed (number, instance) values (?, ?)", number, this.instance);
	}

	/**
	 * An attempt begins.
	 * @return by which to call it
	 */
	long begun(long number, int attempt) {
		return number("insert into attempts (number, instance, attempt) values (?, ?, ?) returning id", number,
				this.instance, attempt);
	}

	/**
	 * An attempt ends.
	 */
	void ended(long id, String outcome) {
		this.jdbc.update("update attempts set ended_at = clock_timestamp(), outcome = ? where id = ?", outcome, id);
	}

	private long number(String sql, Object... arguments) {
		Long number = this.jdbc.queryForObject(sql, Long.class, arguments);
		if (number == null) {
			throw new IllegalStateException(sql);
		}
		return number;
	}

}
