package io.backgroundjobs.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

import org.springframework.core.task.VirtualThreadTaskExecutor;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.engine.JobEngineBuilder;

/**
 * Whoever computes something on a thread of its own and is waited for.
 */
@FunctionalInterface
interface Asked extends AutoCloseable {

	/** Ours on virtual threads. */
	String OURS_VIRTUAL = Cell.OURS + " on virtual threads";

	/** A new virtual thread for each piece of work. */
	String SEMAPHORE = "virtual thread and Semaphore";

	/** On platform threads. */
	String EXECUTOR = "ThreadPoolExecutor.submit().get()";

	/** How many threads or places there are. */
	int SIZE = 2;

	/**
	 * Hand over and wait.
	 */
	Object ask() throws Exception;

	@Override
	default void close() {
	}

	/**
	 * Return who there is on this JVM.
	 */
	static List<String> names() {
		List<String> names = new ArrayList<>(List.of(Cell.OURS, EXECUTOR));
		if (Takers.HAS_VIRTUAL_THREADS) {
			names.addAll(List.of(OURS_VIRTUAL, SEMAPHORE));
		}
		return names;
	}

	/**
	 * Make one.
	 */
	static Asked named(String name) {
		return switch (name) {
			case Cell.OURS -> jobs(false);
			case OURS_VIRTUAL -> jobs(true);
			case SEMAPHORE -> semaphore();
			default -> executor();
		};
	}

	private static Asked jobs(boolean virtual) {
		BackgroundJobScheduler scheduler = new JobEngineBuilder().preferVirtualThreads(virtual)
			.pool(PoolSpec.named(PoolSpec.DEFAULT_NAME).withLimit(SIZE))
			.build();
		scheduler.start();
		return of(() -> scheduler.spawn("job", () -> 42).await(), scheduler::close);
	}

	private static Asked executor() {
		ExecutorService executor = Executors.newFixedThreadPool(SIZE);
		return of(() -> executor.submit(() -> 42).get(), executor::shutdownNow);
	}

	private static Asked semaphore() {
		Semaphore places = new Semaphore(SIZE);
		ThreadFactory threads = new VirtualThreadTaskExecutor("work-").getVirtualThreadFactory();
		return () -> {
			FutureTask<Integer> task = new FutureTask<>(() -> {
				places.acquire();
				try {
					return 42;
				}
				finally {
					places.release();
				}
			});
			threads.newThread(task).start();
			return task.get();
		};
	}

	private static Asked of(Callable<Object> ask, Runnable close) {
		return new Asked() {

			@Override
			public Object ask() throws Exception {
				return ask.call();
			}

			@Override
			public void close() {
				close.run();
			}

		};
	}

}
