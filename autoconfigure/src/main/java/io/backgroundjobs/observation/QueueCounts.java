package io.backgroundjobs.observation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobStoreException;

/**
 * How many durable jobs there are, as the database has told last. It is asked by whoever
 * reads, once in a while: others that read meanwhile are told what was known before.
 * While it is known not to answer it is not asked at all. Thread-safe.
 */
final class QueueCounts {

	static final Duration INTERVAL = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(QueueCounts.class);

	private final DurableJobs jobs;

	private final BoundedJobNames names;

	private final InstantSource clock;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile Answer last = new Answer(Instant.MIN, null, null);

	QueueCounts(DurableJobs jobs, BoundedJobNames names, InstantSource clock) {
		this.jobs = jobs;
		this.names = names;
		this.clock = clock;
	}

	/**
	 * Return the queues by what they are called in tags.
	 * @return those that have any jobs, or {@code null} if the database does not answer
	 */
	@Nullable Map<String, DurableQueue> read() {
		if (this.jobs.unavailableSince() != null) {
			return null;
		}
		if (isOld(this.last) && this.lock.tryLock()) {
			try {
				if (isOld(this.last)) {
					this.last = ask(this.last.failingSince());
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		return this.last.queues();
	}

	/**
	 * Return since when the database has not answered, or {@code null} if it has.
	 */
	@Nullable Instant unavailableSince() {
		Instant since = this.jobs.unavailableSince();
		return (since != null) ? since : this.last.failingSince();
	}

	private boolean isOld(Answer answer) {
		Instant now = this.clock.instant();
		// A wall clock may be put back.
		return now.isBefore(answer.at()) || !now.isBefore(answer.at().plus(INTERVAL));
	}

	private Answer ask(@Nullable Instant failingSince) {
		try {
			Map<String, DurableQueue> queues = new HashMap<>();
			this.jobs.queues().forEach((queue) -> queues.merge(this.names.tagValue(queue), queue, QueueCounts::both));
			return new Answer(this.clock.instant(), queues, null);
		}
		catch (JobStoreException | JobConfigurationException ex) {
			Instant now = this.clock.instant();
			if (failingSince == null) {
				logger.warn("The durable jobs cannot be counted. They are not in the meters until they can", ex);
				return new Answer(now, null, now);
			}
			logger.debug("The durable jobs still cannot be counted", ex);
			return new Answer(now, null, failingSince);
		}
	}

	private static DurableQueue both(DurableQueue one, DurableQueue other) {
		return new DurableQueue(BoundedJobNames.OTHER, false, one.pending() + other.pending(),
				one.scheduled() + other.scheduled(), one.running() + other.running(), one.failed() + other.failed(),
				earlier(one.oldestDue(), other.oldestDue()));
	}

	private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return one.isBefore(other) ? one : other;
	}

	/**
	 * What is known.
	 *
	 * @param at when the database was asked
	 * @param queues what it answered, or {@code null} if it did not
	 * @param failingSince since when it has not, or {@code null} if it did
	 */
	private record Answer(Instant at, @Nullable Map<String, DurableQueue> queues, @Nullable Instant failingSince) {
	}

}
