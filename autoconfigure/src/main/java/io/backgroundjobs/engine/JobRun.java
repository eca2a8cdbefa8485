package io.backgroundjobs.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobProgress;
import io.backgroundjobs.JobState;

/**
 * A job: the handle that its spawner has, the context that its body sees, and the record
 * that is left when it has ended, in one object. The moves between its phases, and what
 * guards which field, stand in docs/concurrency.md.
 *
 * @param <T> the type of the result
 */
sealed class JobRun<T extends @Nullable Object> extends RunState implements Job<T>, JobContext
		permits StoredRun, TickRun {

	JobRun(Venue venue, JobKind kind, String name, @Nullable JobOptions options, Object body) {
		super(venue, kind, name, options, body);
	}

	@Override
	public String id() {
		return engine().ids().text(number());
	}

	@Override
	public String name() {
		return jobName();
	}

	@Override
	public String pool() {
		return venue().name();
	}

	@Override
	public JobKind kind() {
		return jobKind();
	}

	@Override
	public JobState state() {
		int phase = phase();
		// A pending run that is being cancelled has not begun to run.
		return (phase == Phase.SETTLING && attemptsStarted() == 0) ? JobState.PENDING : Phase.state(phase);
	}

	@Override
	public int attempts() {
		return attemptsStarted();
	}

	@Override
	public int attempt() {
		return attemptsStarted();
	}

	@Override
	public Instant createdAt() {
		return created();
	}

	@Override
	public @Nullable Instant startedAt() {
		return started();
	}

	@Override
	public @Nullable Instant endedAt() {
		return ended();
	}

	@Override
	public @Nullable Instant overrunningSince() {
		Extras current = extrasIfAny();
		if (current == null) {
			return null;
		}
		EngineClock clock = engine().clock();
		synchronized (this) {
			boolean inside = current.overrunTimer != null && !current.bodyGone && !current.left;
			return inside ? clock.instant().minusNanos(clock.nanoTime() - current.overrunSince) : null;
		}
	}

	@Override
	public @Nullable JobProgress progress() {
		Extras current = extrasIfAny();
		return (current != null) ? current.progress : null;
	}

	@Override
	public @Nullable String cancelReason() {
		return (phase() == Phase.CANCELLED) ? (String) result() : null;
	}

	@Override
	public @Nullable JobOutcome outcome() {
		return Phase.outcome(phase());
	}

	@Override
	public @Nullable Throwable failure() {
		return (state() == JobState.FAILED) ? (Throwable) result() : null;
	}

	@Override
	public List<StackTraceElement> stackTrace() {
		Thread thread = runner();
		List<StackTraceElement> frames = (thread != null) ? List.of(thread.getStackTrace()) : List.of();
		// Where the thread has left meanwhile, they may be those of another job.
		return (thread == runner()) ? frames : List.of();
	}

	@Override
	public T await() throws InterruptedException {
		return Waiting.await(this);
	}

	@Override
	public T await(Duration timeout) throws InterruptedException, TimeoutException {
		return Waiting.await(this, timeout);
	}

	@Override
	public boolean cancel() {
		return !isShielded() && Ending.cancel(this, "cancelled by " + Thread.currentThread().getName());
	}

	@Override
	public CompletableFuture<T> toFuture() {
		return Waiting.future(this);
	}

	@Override
	public boolean isStopping() {
		if (phase() != Phase.RUNNING || engine().stopping().isStopping()) {
			return true;
		}
		Extras current = extrasIfAny();
		synchronized (this) {
			return current != null && current.deferred != null;
		}
	}

	@Override
	public void progress(long done, long total) {
		extras().progress = new JobProgress(done, total);
	}

	@Override
	public <V extends @Nullable Object> V shield(Callable<V> work) throws Exception {
		return ShieldedRegion.call(this, work);
	}

	@Override
	public String toString() {
		return "Job[" + name() + ", " + id() + ", " + state() + "]";
	}

	/**
	 * Return the run on whose thread this one runs: itself, unless a caller runs it.
	 */
	JobRun<?> outermost() {
		Extras current = extrasIfAny();
		return (current != null && current.outer != null) ? current.outer.outermost() : this;
	}

	/**
	 * Return this run and all those whose thread carries it out for them.
	 */
	List<JobRun<?>> andOuter() {
		List<JobRun<?>> runs = new ArrayList<>();
		JobRun<?> run = this;
		while (run != null) {
			runs.add(run);
			Extras current = run.extrasIfAny();
			run = (current != null) ? current.outer : null;
		}
		return runs;
	}

}
