package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.BackgroundTask;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextHolder;

/**
 * A background loop, as the owner of its run.
 */
final class LoopTask implements BackgroundTask, RunOwner {

	private final String name;

	private final Duration closeTimeout;

	private final Set<LoopTask> live;

	private final CountDownLatch left = new CountDownLatch(1);

	/** Set before the task is handed out. */
	private volatile @Nullable JobRun<?> run;

	LoopTask(String name, Duration closeTimeout, Set<LoopTask> live) {
		this.name = name;
		this.closeTimeout = closeTimeout;
		this.live = live;
	}

	void run(JobRun<?> newRun) {
		this.run = newRun;
	}

	JobRun<?> run() {
		return Objects.requireNonNull(this.run);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Job<?> job() {
		return run();
	}

	@Override
	public boolean isRunning() {
		return run().phase() < Phase.SUCCEEDED;
	}

	@Override
	public void close() {
		close(this.closeTimeout);
	}

	@Override
	public boolean close(Duration timeout) {
		Ending.cancel(run(), "closed");
		if (JobContextHolder.getContext() instanceof JobRun<?> inner && inner.andOuter().contains(run())) {
			// The body cannot leave while it is here.
			return false;
		}
		try (Lending lending = Lending.begin()) {
			return this.left.await(Waiting.nanos(timeout), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.left.getCount() == 0;
		}
	}

	@Override
	public void left(JobRun<?> leaving) {
		this.live.remove(this);
		this.left.countDown();
	}

	@Override
	public String toString() {
		return "BackgroundTask[" + this.name + ", " + (isRunning() ? "running" : "ended") + "]";
	}

}
