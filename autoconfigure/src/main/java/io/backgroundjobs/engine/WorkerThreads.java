package io.backgroundjobs.engine;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.core.task.VirtualThreadTaskExecutor;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.PoolThreads;

/**
 * Makes the threads of pools. Platform threads are no daemons, so that a program without
 * a web server does not end under its jobs.
 */
final class WorkerThreads {

	private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;

	private WorkerThreads() {
	}

	static ThreadFactory of(PoolSpec pool, boolean preferVirtual) {
		boolean available = Runtime.version().feature() >= FIRST_JDK_WITH_VIRTUAL_THREADS;
		if (pool.threads() == PoolThreads.VIRTUAL && !available) {
			throw new JobConfigurationException(
					"The pool '" + pool.name() + "' asks for virtual threads, which Java " + Runtime.version().feature()
							+ " does not have",
					"Run on Java 21 or later, or set the pool's threads to 'auto' or 'platform'.");
		}
		boolean virtual = pool.threads() == PoolThreads.VIRTUAL
				|| (pool.threads() == PoolThreads.AUTO && preferVirtual && available);
		String prefix = "job-" + pool.name() + "-";
		return virtual ? new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory() : platform(prefix);
	}

	static ThreadFactory platform(String prefix) {
		AtomicInteger count = new AtomicInteger();
		ClassLoader loader = WorkerThreads.class.getClassLoader();
		return (task) -> {
			Thread thread = new Thread(null, task, prefix + count.incrementAndGet(), 0, false);
			thread.setDaemon(false);
			thread.setContextClassLoader(loader);
			return thread;
		};
	}

}
