package io.backgroundjobs.benchmarks;

import java.time.Duration;

import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.InMemoryStorageProvider;

/**
 * JobRunr with its store in memory.
 */
final class JobRunrStore implements JobStore {

	/** The shortest that this store allows. */
	private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

	private final JobScheduler scheduler = JobRunr.configure()
		.useStorageProvider(new InMemoryStorageProvider())
		.useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
			.andPollInterval(POLL_INTERVAL)
			.andWorkerCount(THREADS))
		.initialize()
		.getJobScheduler();

	@Override
	public void add(long number) {
		this.scheduler.enqueue(() -> Arrivals.arrive(number));
	}

	@Override
	public void close() {
		JobRunr.destroy();
	}

}
