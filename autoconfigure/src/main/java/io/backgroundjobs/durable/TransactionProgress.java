package io.backgroundjobs.durable;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Knows whether the transaction of the calling thread is past the point at which more can
 * be written in it. Spring shows one that has been committed as active until everybody
 * has been told. Thread-safe.
 *
 * @since 1.0.0
 */
public final class TransactionProgress implements TransactionExecutionListener {

	/** The transactions of a thread, the innermost first: whether it commits. */
	private static final ThreadLocal<Deque<Boolean>> transactions = new ThreadLocal<>();

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
		if (failure == null) {
			Deque<Boolean> all = transactions.get();
			if (all == null) {
				all = new ArrayDeque<>();
				transactions.set(all);
			}
			all.push(false);
		}
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		Deque<Boolean> all = transactions.get();
		if (all != null) {
			all.pop();
			all.push(true);
		}
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
		end();
	}

	@Override
	public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
		end();
	}

	/**
	 * Whether the transaction of the calling thread commits, or has.
	 */
	boolean isCommitting() {
		Deque<Boolean> all = transactions.get();
		return all != null && Boolean.TRUE.equals(all.peek());
	}

	private void end() {
		Deque<Boolean> all = transactions.get();
		if (all != null) {
			all.poll();
			if (all.isEmpty()) {
				transactions.remove();
			}
		}
	}

}
