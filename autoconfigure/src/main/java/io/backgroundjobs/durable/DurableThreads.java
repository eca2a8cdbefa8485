package io.backgroundjobs.durable;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.util.CustomizableThreadCreator;

/**
 * The threads around the durable jobs. None of them runs a job's body.
 */
final class DurableThreads {

	/** How long a thread stays without work, in seconds. */
	private static final int KEEP_ALIVE = 60;

	private DurableThreads() {
	}

	/**
	 * Return threads that wait each for a job that has been fetched, and then write down
	 * what became of it. There are as many as jobs; how many jobs there are is up to the
	 * {@link Intake}.
	 * @param arrivals told of each
	 */
	static ExecutorService carriers(Arrivals arrivals) {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE, TimeUnit.SECONDS, new SynchronousQueue<>(),
				named("background-jobs-durable-")) {

			@Override
			public void execute(Runnable carrying) {
				Arrivals.Arrival arrival = arrivals.found(carrying);
				try {
					super.execute(arrival);
				}
				catch (RuntimeException | Error ex) {
					// Shut down, or there are no more threads to be had.
					arrival.end(true);
					throw ex;
				}
			}

		};
	}

	/**
	 * Return the thread that looks for due jobs.
	 */
	static ExecutorService poller() {
		return Executors.newSingleThreadExecutor(named("background-jobs-durable-poll-"));
	}

	static ThreadFactory named(String prefix) {
		CustomizableThreadCreator creator = new CustomizableThreadCreator(prefix);
		return creator::createThread;
	}

}
