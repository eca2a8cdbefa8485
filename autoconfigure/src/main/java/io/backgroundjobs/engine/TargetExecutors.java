package io.backgroundjobs.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The application's own executors, as the venue of the periodic jobs that name one. A
 * courier brings each run, because an executor may run a task in the thread that brings
 * it.
 */
final class TargetExecutors extends Outside {

	private final Couriers couriers;

	TargetExecutors(Surroundings engine, Admission admission, int historySize) {
		super("executor", engine, admission, historySize);
		this.couriers = engine.couriers();
	}

	/**
	 * Bring an admitted run to its executor.
	 */
	void bring(JobRun<?> run) {
		Executor executor = (run instanceof TickRun tickRun) ? tickRun.executor() : null;
		if (executor != null) {
			this.couriers.send(() -> handOver(run, executor));
		}
	}

	@Override
	public void due(JobRun<?> run) {
		if (unpark(run)) {
			bring(run);
		}
	}

	private void handOver(JobRun<?> run, Executor executor) {
		try {
			executor.execute(() -> {
				if (take(run)) {
					carrying(1);
					try {
						Attempt.carryOut(run);
					}
					finally {
						carrying(-1);
					}
				}
			});
		}
		catch (RejectedExecutionException ex) {
			refused(run, isShutDown(executor));
		}
		catch (Throwable ex) {
			Turns.failed(executor, ex);
			refused(run, false);
		}
	}

	private void refused(JobRun<?> run, boolean gone) {
		if (withdraw(run) && run instanceof TickRun tickRun) {
			tickRun.refused(gone);
		}
	}

	private static boolean isShutDown(Executor executor) {
		if (executor instanceof ThreadPoolTaskExecutor spring) {
			return spring.getThreadPoolExecutor().isShutdown();
		}
		if (executor instanceof ThreadPoolTaskScheduler spring) {
			return spring.getScheduledExecutor().isShutdown();
		}
		if (executor instanceof SimpleAsyncTaskExecutor spring) {
			return !spring.isActive();
		}
		if (executor instanceof ConcurrentTaskExecutor spring) {
			return isShutDown(spring.getConcurrentExecutor());
		}
		return executor instanceof ExecutorService service && service.isShutdown();
	}

}
