package io.backgroundjobs;

/**
 * Something that the jobs of a pool need, as a bean: opened before the pool's first job,
 * closed after its last.
 *
 * @since 1.0.0
 */
public interface PoolResource {

	/**
	 * Return the pool that needs it.
	 * @return the name of the pool
	 */
	String pool();

	/**
	 * Open it. Called when the scheduler starts, before any job of the pool.
	 * @throws Exception if it cannot be opened: the start fails, and what was opened
	 * before is closed
	 */
	void open() throws Exception;

	/**
	 * Close it. Called once after each successful {@link #open()}, when the last job of
	 * the pool has ended.
	 * @throws Exception if it cannot be closed; logged
	 */
	void close() throws Exception;

}
