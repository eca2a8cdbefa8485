package io.backgroundjobs.durable;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The runtime between a start and a stop, and nothing before and after: what it is asked
 * for then is found at the next start, or by another instance. Thread-safe.
 */
final class CurrentRuntime {

	private volatile @Nullable DurableRuntime runtime;

	@Nullable DurableRuntime get() {
		return this.runtime;
	}

	void set(@Nullable DurableRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Look for due jobs now.
	 */
	void look() {
		DurableRuntime current = this.runtime;
		if (current != null) {
			current.look();
		}
	}

	/**
	 * Look for due jobs at an instant.
	 */
	void lookAt(Instant due) {
		DurableRuntime current = this.runtime;
		if (current != null) {
			current.lookAt(due);
		}
	}

	/**
	 * Nobody could do anything with a row that was found.
	 */
	void failed(RuntimeException failure) {
		DurableRuntime current = this.runtime;
		if (current != null) {
			current.failed(failure);
		}
	}

	/**
	 * Do something that asks the database, on a thread of the runtime.
	 * @return whether it will be done
	 */
	boolean later(Runnable question) {
		DurableRuntime current = this.runtime;
		return current != null && current.later(question);
	}

}
