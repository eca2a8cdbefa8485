package io.backgroundjobs.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobStoreException;
import io.backgroundjobs.StoredJob;

/**
 * An application with durable jobs, whose database is a list.
 */
final class DurableApplication {

	private DurableApplication() {
	}

	static ActuatorApplication start(String... properties) {
		return ActuatorApplication.start(WebApplicationType.SERVLET, Configured.class, properties);
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured extends ActuatorApplication.Servlet {

		@Bean
		Kept durableJobs() {
			return new Kept();
		}

	}

	/**
	 * The jobs, in a list.
	 */
	static final class Kept implements DurableJobs {

		private final List<StoredJob> jobs = new ArrayList<>();

		/** How often the database was asked. */
		private final AtomicInteger questions = new AtomicInteger();

		private @Nullable RuntimeException failure;

		private @Nullable Instant unavailableSince;

		/** Whether somebody else is always quicker. */
		private boolean taken;

		synchronized StoredJob add(String name, JobState state, @Nullable String failure) {
			String id = UUID.randomUUID().toString();
			return add(name, (state != JobState.FAILED) ? "key:" + id : id, id, state, failure);
		}

		synchronized StoredJob add(String name, String instance, String id, JobState state, @Nullable String failure) {
			Instant now = Instant.now();
			StoredJob job = new StoredJob(name, instance, id, state, now, (state != JobState.FAILED) ? now : null,
					(failure != null) ? 3 : 0, (state == JobState.RUNNING) ? "host-2" : null, failure,
					(failure != null) ? now : null);
			this.jobs.add(job);
			return job;
		}

		synchronized void clear() {
			this.jobs.clear();
			this.questions.set(0);
			this.failure = null;
			this.unavailableSince = null;
			this.taken = false;
		}

		synchronized void failWith(RuntimeException failure) {
			this.failure = failure;
		}

		synchronized void unavailableSince(Instant since) {
			this.unavailableSince = since;
		}

		synchronized void somebodyElseIsQuicker() {
			this.taken = true;
		}

		int questions() {
			return this.questions.get();
		}

		@Override
		public <P extends @Nullable Object> StoredJob spawn(DurableJob<P> job, P payload) {
			throw new UnsupportedOperationException();
		}

		@Override
		public synchronized Optional<StoredJob> find(String name, String instance) {
			asked();
			return this.jobs.stream()
				.filter((job) -> job.name().equals(name) && job.instance().equals(instance))
				.findFirst();
		}

		@Override
		public synchronized List<StoredJob> failed(@Nullable String name, int limit) {
			asked();
			return this.jobs.stream()
				.filter((job) -> job.state() == JobState.FAILED && (name == null || name.equals(job.name())))
				.limit(limit)
				.toList();
		}

		@Override
		public synchronized List<DurableQueue> queues() {
			asked();
			Map<String, DurableQueue> queues = new TreeMap<>();
			for (StoredJob job : this.jobs) {
				queues.computeIfAbsent(job.name(),
						(name) -> new DurableQueue(name, !name.startsWith("import-"), count(name, JobState.PENDING),
								count(name, JobState.SCHEDULED), count(name, JobState.RUNNING),
								count(name, JobState.FAILED), oldestDue(name)));
			}
			return List.copyOf(queues.values());
		}

		@Override
		public boolean cancel(String name, String instance) {
			return remove(name, instance, JobState.SCHEDULED, JobState.PENDING) != null;
		}

		@Override
		public synchronized boolean retry(String name, String instance) {
			StoredJob job = remove(name, instance, JobState.FAILED);
			return job != null && add(name, instance, job.id(), JobState.PENDING, job.failure()) != null;
		}

		@Override
		public boolean delete(String name, String instance) {
			return remove(name, instance, JobState.FAILED) != null;
		}

		@Override
		public synchronized @Nullable Instant unavailableSince() {
			return this.unavailableSince;
		}

		private synchronized @Nullable StoredJob remove(String name, String instance, JobState... states) {
			StoredJob job = find(name, instance).orElseThrow();
			return (!this.taken && List.of(states).contains(job.state()) && this.jobs.remove(job)) ? job : null;
		}

		private long count(String name, JobState state) {
			return this.jobs.stream().filter((job) -> job.name().equals(name) && job.state() == state).count();
		}

		private @Nullable Instant oldestDue(String name) {
			return this.jobs.stream()
				.filter((job) -> job.name().equals(name) && job.state() == JobState.PENDING)
				.map(StoredJob::due)
				.findFirst()
				.orElse(null);
		}

		private void asked() {
			this.questions.incrementAndGet();
			if (this.failure != null) {
				throw this.failure;
			}
		}

		static JobStoreException brokenConnection() {
			return new JobStoreException("The database did not do it", new IllegalStateException("password=secret"));
		}

	}

}
