package io.backgroundjobs.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;

/**
 * A pool as Spring's executor: each task is a job. Cancelling the future of a submitted
 * task cancels its job, as with any executor. What a task throws fails its future, and is
 * reported as any failure that nobody took: a future that was dropped hides nothing.
 */
final class PoolTaskExecutor implements AsyncTaskExecutor {

	private final LocalJobEngine engine;

	private final JobOptions options;

	PoolTaskExecutor(LocalJobEngine engine, String pool) {
		this.engine = engine;
		this.options = JobOptions.named(pool + "-task").pool(pool);
	}

	@Override
	public void execute(Runnable task) {
		this.engine.spawn(this.options, task);
	}

	@Override
	public Future<?> submit(Runnable task) {
		return submit(Executors.callable(task, null));
	}

	@Override
	public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
		return submitCompletable(task);
	}

	@Override
	@SuppressWarnings("NullAway") // what AsyncTaskExecutor calls Void is null
	public CompletableFuture<Void> submitCompletable(Runnable task) {
		return submitCompletable(Executors.callable(task, null));
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> submitCompletable(Callable<T> task) {
		JobFuture<T> future = new JobFuture<>();
		// What the task returns is handed on as it is: a task that returns a future
		// means that future.
		JobBody<@Nullable Void> body = (job) -> {
			future.run(task);
			return null;
		};
		future.follow(this.engine.<@Nullable Void>spawn(this.options, body));
		return future;
	}

	/**
	 * The future of a submitted task.
	 *
	 * @param <T> the type of the result
	 */
	private static final class JobFuture<T extends @Nullable Object> extends CompletableFuture<T> {

		/** Set before anybody has the future. */
		private volatile @Nullable JobRun<?> job;

		private @Nullable T value;

		void run(Callable<T> task) throws Exception {
			this.value = task.call();
		}

		// T says whether the value may be null; the future that is ignored is this one.
		@SuppressWarnings({ "NullAway", "FutureReturnValueIgnored" })
		void follow(Job<?> submitted) {
			this.job = (JobRun<?>) submitted;
			submitted.toFuture().whenComplete((nothing, failure) -> {
				if (failure != null) {
					completeExceptionally(failure);
				}
				else {
					complete(this.value);
				}
			});
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			JobRun<?> current = this.job;
			if (cancelled && current != null && mayInterruptIfRunning) {
				current.cancel();
			}
			else if (cancelled && current != null) {
				Ending.dropPending(current, "its future was cancelled");
			}
			return cancelled;
		}

		@Override
		public <U> CompletableFuture<U> newIncompleteFuture() {
			return new CompletableFuture<>();
		}

	}

}
