package io.backgroundjobs.process.durable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.TickResult;

/**
 * Writes down what became of the instants of the shared job, so that it survives a kill.
 * It blocks, as a recorder must not: here nobody waits for the clock's thread.
 */
@Component
@ConditionalOnProperty(SharedJob.PROPERTY)
class TickResults implements JobRecorder {

	private final JdbcTemplate jdbc;

	private final String instance;

	TickResults(JdbcTemplate jdbc, @Value("${durable.instance}") String instance) {
		this.jdbc = jdbc;
		this.instance = instance;
	}

	@Override
	public void ticked(String name, TickResult result, long count) {
		this.jdbc.update("insert into ticks (instance, result, count) values (?, ?, ?)", this.instance,
				result.toString(), count);
	}

}
