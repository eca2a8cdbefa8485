package io.backgroundjobs.benchmarks;

import java.time.Duration;

/**
 * Whoever runs work at a fixed rate on threads of its own.
 */
interface Repeater extends AutoCloseable {

	/**
	 * Run work over and over.
	 * @param name a name that no other work has
	 * @param first when to run it first; nanoseconds of {@link System#nanoTime()}, enough
	 * later than now
	 * @param every the interval from start to start
	 * @return the instant that was named for the first run, which is another one only
	 * where that cannot be said in nanoseconds
	 * @throws Exception if it was not taken
	 */
	long repeat(String name, long first, Duration every, Runnable work) throws Exception;

	/**
	 * End the threads.
	 */
	@Override
	void close();

}
