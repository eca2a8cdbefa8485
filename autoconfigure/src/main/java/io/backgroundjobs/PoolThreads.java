package io.backgroundjobs;

/**
 * The kind of threads that run a pool's jobs.
 *
 * @since 1.0.0
 */
public enum PoolThreads {

	/**
	 * Virtual threads where the scheduler was told to prefer them (Spring Boot:
	 * {@code spring.threads.virtual.enabled}) and the JDK has them, else platform
	 * threads.
	 */
	AUTO,

	/**
	 * Platform threads.
	 */
	PLATFORM,

	/**
	 * Virtual threads; refused at start below JDK 21.
	 */
	VIRTUAL

}
