package io.backgroundjobs.sample;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.stereotype.Component;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.PeriodicJob;

/**
 * What is done again and again. How often is up to {@code application.yml}: see
 * {@code background-jobs.jobs} there.
 */
@Component
class Maintenance {

	private static final Log logger = LogFactory.getLog(Maintenance.class);

	private final PhotoShelf shelf;

	private final PhotoStore store;

	private final FinishedPhotos finished;

	private final Duration keep;

	Maintenance(PhotoShelf shelf, PhotoStore store, FinishedPhotos finished, PhotoProperties properties) {
		this.shelf = shelf;
		this.store = store;
		this.finished = finished;
		this.keep = properties.keep();
	}

	@PeriodicJob(every = "1m")
	void removeExpired(JobContext job) throws IOException {
		Instant oldest = Instant.now().minus(this.keep);
		for (Photo photo : this.shelf.photosBefore(oldest)) {
			if (job.isStopping()) {
				return; // the next run, after the restart, removes the others
			}
			this.shelf.remove(photo.id());
			logger.info(LogMessage.format("Photo %s has expired", photo.id()));
		}
		this.finished.removeBefore(oldest);
	}

	@PeriodicJob(every = "30s")
	void spawnLostJobs() {
		int spawned = this.shelf.spawnLostJobs();
		if (spawned > 0) {
			logger.info(LogMessage.format("%d photos of an earlier run have their jobs again", spawned));
		}
	}

	@PeriodicJob(name = "storage-report", cron = "0 0 * * * *")
	void reportStorage() throws IOException {
		logger.info(LogMessage.format("%d photos take %d kB", this.shelf.photos().size(),
				this.store.usage().toKilobytes()));
	}

}
