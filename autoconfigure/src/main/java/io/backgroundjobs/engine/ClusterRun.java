package io.backgroundjobs.engine;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;

/**
 * A run of a periodic job of all instances.
 */
final class ClusterRun implements StoredWork {

	private final ClusterRegistration job;

	private final JobBody<?> body;

	private final @Nullable Instant tick;

	private final Runnable placed;

	private final Consumer<Departure> left;

	private final String id = UUID.randomUUID().toString();

	private final Instant createdAt;

	private volatile boolean started;

	/** Holds it from when it is known until it is waited for. */
	private final BlockingQueue<Departure> departure = new ArrayBlockingQueue<>(1);

	/**
	 * Create a run.
	 * @param tick the instant, or {@code null} for a call of {@code trigger()}
	 * @param placed called when it has its place, or never will
	 * @param left told how it left
	 */
	ClusterRun(ClusterRegistration job, JobBody<?> body, @Nullable Instant tick, Instant createdAt, Runnable placed,
			Consumer<Departure> left) {
		this.job = job;
		this.body = body;
		this.tick = tick;
		this.placed = placed;
		this.left = left;
		this.createdAt = createdAt;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String idempotencyKey() {
		return (this.tick != null) ? this.job.name() + "@" + this.tick : this.id;
	}

	@Override
	public JobKind kind() {
		return JobKind.PERIODIC;
	}

	@Override
	public Instant createdAt() {
		return this.createdAt;
	}

	@Override
	public @Nullable Instant due() {
		return this.tick;
	}

	@Override
	public int attemptsBefore() {
		return 0;
	}

	@Override
	public JobOptions options() {
		return this.job.spec().run();
	}

	@Override
	public boolean retriesElsewhere() {
		return false;
	}

	@Override
	public Map<String, String> context() {
		return Map.of();
	}

	@Override
	public @Nullable Object run(JobContext context) throws Exception {
		return this.body.run(context);
	}

	@Override
	public void started(Job<?> run) {
		this.started = true;
		this.job.started(run);
		this.placed.run();
	}

	@Override
	public void departed(Departure how) {
		this.left.accept(how);
		this.placed.run();
		this.departure.add(how);
	}

	boolean hasStarted() {
		return this.started;
	}

	/**
	 * Wait until the run is over and its body has left.
	 * @return how it left
	 */
	Departure await() throws InterruptedException {
		return this.departure.take();
	}

}
