package io.backgroundjobs.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code background-jobs.durable}.
 *
 * @param table Name of the table that keeps the jobs.
 * @param initializeSchema Database schema initialization mode.
 * @param pollInterval Interval in which the database is asked for due jobs that nobody
 * has told of.
 * @param heartbeatInterval Interval in which an instance says that it is alive. After
 * four that it has missed, its jobs are taken over.
 * @param maxPayloadSize Maximum size of what is stored of a job.
 * @since 1.0.0
 */
@ConfigurationProperties("background-jobs.durable")
public record BackgroundJobDurableProperties(@DefaultValue(BackgroundJobDurableProperties.TABLE) String table,
		@DefaultValue("embedded") DatabaseInitializationMode initializeSchema,
		@DefaultValue("10s") Duration pollInterval, @DefaultValue("4s") Duration heartbeatInterval,
		@DefaultValue("64KB") DataSize maxPayloadSize) {

	/** The table that the scripts create. */
	static final String TABLE = "background_jobs";

	public BackgroundJobDurableProperties {
		if (!table.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
			throw new InvalidPropertyException("durable.table", table,
					"Give the name of a table, such as background_jobs or jobs.background_jobs.");
		}
		if (initializeSchema == DatabaseInitializationMode.ALWAYS && !table.equals(TABLE)) {
			throw new InvalidPropertyException("durable.initialize-schema", initializeSchema,
					"The scripts create the table '" + TABLE + "': create '" + table
							+ "' with your migration tool, or leave out background-jobs.durable.table.");
		}
		requireAtLeast("durable.poll-interval", pollInterval, Duration.ofMillis(100));
		requireAtLeast("durable.heartbeat-interval", heartbeatInterval, Duration.ofSeconds(1));
		if (maxPayloadSize.toBytes() < 1024) {
			throw new InvalidPropertyException("durable.max-payload-size", maxPayloadSize, "Give 1KB or more.");
		}
	}

	private static void requireAtLeast(String property, Duration value, Duration least) {
		if (value.compareTo(least) < 0) {
			throw new InvalidPropertyException(property, value,
					"Give " + InvalidPropertyException.print(least) + " or more.");
		}
	}

}
