package io.backgroundjobs.autoconfigure;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import io.backgroundjobs.engine.CommitHook;

/**
 * Waits for the end of the transaction that Spring has bound to the thread.
 */
final class TransactionCommitHook implements CommitHook {

	@Override
	public boolean register(Runnable onCommit, Runnable onRollback) {
		// Synchronization alone may be without a transaction (PROPAGATION_SUPPORTS).
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return false;
		}
		TransactionSynchronizationManager.registerSynchronization(new Ending(onCommit, onRollback));
		return true;
	}

	/**
	 * Called after the completion and not in {@code afterCommit}, whose exceptions reach
	 * the caller although the transaction has been committed.
	 *
	 * @param onCommit called after the commit
	 * @param onRollback called after anything else
	 */
	private record Ending(Runnable onCommit, Runnable onRollback) implements TransactionSynchronization {

		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED) {
				this.onCommit.run();
			}
			else {
				this.onRollback.run();
			}
		}

	}

}
