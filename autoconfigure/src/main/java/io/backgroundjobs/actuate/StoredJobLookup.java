package io.backgroundjobs.actuate;

import java.time.Instant;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobStoreException;
import io.backgroundjobs.StoredJob;

/**
 * Asks the database, if it answers. While it is known not to, nobody is kept waiting for
 * a connection.
 *
 * @param jobs the jobs in the database
 */
record StoredJobLookup(DurableJobs jobs) {

	private static final Logger logger = LoggerFactory.getLogger(StoredJobLookup.class);

	<T> T ask(Function<DurableJobs, T> question) {
		Instant since = this.jobs.unavailableSince();
		if (since != null) {
			throw RequestProblem
				.unavailable("The database of the durable jobs has not answered since " + Moments.of(since));
		}
		try {
			return question.apply(this.jobs);
		}
		catch (JobStoreException ex) {
			// What the driver says may hold anything, and is no news to the log.
			logger.debug("A request could not be carried out", ex);
			throw RequestProblem.unavailable(String.valueOf(ex.getMessage()));
		}
		catch (JobConfigurationException ex) {
			logger.debug("A request could not be carried out", ex);
			String action = (ex.action() != null) ? ". " + ex.action() : "";
			throw RequestProblem.unavailable("The durable jobs cannot use their table" + action);
		}
	}

	StoredJob job(String name, String instance) {
		return ask((jobs) -> jobs.find(name, instance))
			.orElseThrow(() -> RequestProblem.notFound("There is no durable job '" + name + "' with the instance '"
					+ instance + "'. Those that have ended are not kept, unless they failed for good"));
	}

}
