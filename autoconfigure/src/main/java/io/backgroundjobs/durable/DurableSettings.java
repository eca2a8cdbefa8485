package io.backgroundjobs.durable;

import java.time.Duration;

/**
 * How durable jobs are kept.
 *
 * @param table the name of the table
 * @param instance the name of this process, of which no other one may be at the same time
 * @param pollInterval how often the database is asked for due jobs that nobody has told
 * of
 * @param heartbeatInterval how often a process says that it is alive; it is taken for
 * dead after four that it has missed
 * @param maxPayloadSize how many bytes the stored form of a job may have
 * @param stopTimeout how long a stop waits, after the drain, for what has ended to be
 * written down
 * @since 1.0.0
 */
public record DurableSettings(String table, String instance, Duration pollInterval, Duration heartbeatInterval,
		long maxPayloadSize, Duration stopTimeout) {
}
