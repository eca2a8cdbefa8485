package io.backgroundjobs.engine;

/**
 * Tells the engine how the caller's transaction ends. Thread-safe.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface CommitHook {

	/**
	 * There never is a transaction.
	 */
	CommitHook NONE = (onCommit, onRollback) -> false;

	/**
	 * Register for the end of the transaction that is bound to the calling thread.
	 * Exactly one of the two is called, once.
	 * @param onCommit called after the commit
	 * @param onRollback called after a rollback, or when it is unknown how the
	 * transaction ended
	 * @return {@code false} if there is no transaction; then neither is called
	 */
	boolean register(Runnable onCommit, Runnable onRollback);

}
