package io.backgroundjobs.engine;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.RejectionReason;

/**
 * The half of an engine that hands work over. What the many forms of a spawn have in
 * common is in {@link Spawning}.
 */
abstract class LocalSpawner implements JobEngine {

	private final Surroundings surroundings;

	private final Spawning spawning;

	private final Outside callers;

	LocalSpawner(Surroundings surroundings, Spawning spawning, Outside callers) {
		this.surroundings = surroundings;
		this.spawning = spawning;
		this.callers = callers;
	}

	@Override
	public Job<@Nullable Void> spawn(String name, Runnable body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, name, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(String name, Callable<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, name, called(body)));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(String name, JobBody<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, name, run(body)));
	}

	@Override
	public Job<@Nullable Void> spawn(JobOptions options, Runnable body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, options, body));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(JobOptions options, Callable<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, options, called(body)));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(JobOptions options, JobBody<T> body) {
		return cast(this.spawning.spawn(JobKind.SPAWNED, options, run(body)));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawnAsync(JobOptions options,
			JobBody<? extends CompletionStage<T>> body) {
		return spawnAsync(JobKind.SPAWNED, options, body);
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawn(JobKind kind, JobOptions options, JobBody<T> body) {
		return cast(this.spawning.spawn(kind, options, run(body)));
	}

	@Override
	public <T extends @Nullable Object> Job<T> spawnAsync(JobKind kind, JobOptions options,
			JobBody<? extends CompletionStage<T>> body) {
		return cast(this.spawning.spawn(kind, options, new StageBody(body)));
	}

	@Override
	public @Nullable RejectionReason carry(StoredWork work) {
		return this.spawning.carry(work);
	}

	@Override
	public String poolOf(JobOptions options) {
		return this.spawning.effectivePool(options).name();
	}

	@Override
	public Map<String, String> portableContext() {
		return this.surroundings.contexts().inject();
	}

	@Override
	public <T extends @Nullable Object> Optional<Job<T>> trySpawn(JobOptions options, JobBody<T> body) {
		try {
			return Optional.of(cast(this.spawning.trySpawn(options, run(body))));
		}
		catch (JobRejectedException ex) {
			return Optional.empty();
		}
	}

	@Override
	public <T extends @Nullable Object> T run(JobOptions options, JobBody<T> body) throws InterruptedException {
		NonBlockingThreads.requireMayBlock();
		try (Lending lending = Lending.begin()) {
			// Linked before the job can end, so that its failure is taken whenever it
			// comes.
			Waiter waiter = new Waiter();
			JobRun<T> run = (JobRun<T>) LocalSpawner.<T>cast(this.spawning.spawn(options, run(body), waiter));
			return Waiting.await(run, waiter);
		}
	}

	@Override
	public <T extends @Nullable Object> T runHere(JobOptions options, JobBody<T> body) throws Exception {
		JobRun<T> run = here(options, run(body));
		// Whoever ends it from outside may not have done so yet, although the body has
		// left.
		Waiting.awaitEnd(run);
		Throwable failure = run.failure();
		if (failure != null) {
			rethrow(failure);
		}
		return Waiting.result(run);
	}

	@Override
	public <T extends @Nullable Object> Job<T> startHere(JobOptions options, JobBody<? extends CompletionStage<T>> body)
			throws Exception {
		JobRun<T> run = here(options, new StageBody(body));
		Throwable failure = run.failure();
		if (failure != null) {
			rethrow(failure);
		}
		return run;
	}

	private <T extends @Nullable Object> JobRun<T> here(JobOptions options, Object body) {
		if (options.retry() != null) {
			throw new JobConfigurationException(
					"Job '" + options.name() + "' runs on its caller's thread and has a retry policy",
					"Leave the policy out: the caller gets the failure, and may call again.");
		}
		JobRun<T> run = new JobRun<>(this.callers, JobKind.SPAWNED, options.name(), options, body);
		run.captured = this.surroundings.contexts().capture();
		run.extras().failureTaken = true;
		RejectionReason refusal = this.callers.enter(run);
		if (refusal != null) {
			String why = (refusal == RejectionReason.NOT_STARTED) ? "the scheduler has not been started"
					: "the scheduler is shutting down";
			throw this.spawning.rejected(refusal, this.callers, "Job '" + options.name() + "' was rejected: " + why);
		}
		Attempt.carryOut(run);
		return run;
	}

	/**
	 * Return a body that can only be called, also of an object that could be run as well.
	 */
	private static <T extends @Nullable Object> Object called(Callable<T> body) {
		return (body instanceof Runnable) ? (Callable<T>) () -> body.call() : body;
	}

	/**
	 * Return a body that can only be run with its context.
	 */
	private static <T extends @Nullable Object> JobBody<T> run(JobBody<T> body) {
		return (body instanceof Runnable || body instanceof Callable) ? (context) -> body.run(context) : body;
	}

	@SuppressWarnings("unchecked")
	private static <T extends @Nullable Object> Job<T> cast(Job<?> job) {
		return (Job<T>) job;
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void rethrow(Throwable failure) throws E {
		throw (E) failure;
	}

}
