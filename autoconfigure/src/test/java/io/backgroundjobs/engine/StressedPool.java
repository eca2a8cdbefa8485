package io.backgroundjobs.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts from inside the bodies how many of a pool's places are in use, and knows how
 * many may be.
 */
final class StressedPool {

	/** The pool whose place the body on this thread holds; a driver holds none. */
	private static final ThreadLocal<@Nullable StressedPool> HOLDER = new ThreadLocal<>();

	private final JobEngine engine;

	private final String name;

	private final AtomicInteger inside = new AtomicInteger();

	private final AtomicReference<@Nullable String> tooMany = new AtomicReference<>();

	private volatile int allowed;

	StressedPool(JobEngine engine, String name, int limit) {
		this.engine = engine;
		this.name = name;
		this.allowed = limit;
	}

	String name() {
		return this.name;
	}

	/**
	 * Called by a body that begins.
	 * @return whether it holds a place, which it does unless its caller runs it
	 */
	boolean enter() {
		if (Thread.currentThread().getName().startsWith("stress-driver") || HOLDER.get() != null) {
			return false;
		}
		HOLDER.set(this);
		take();
		return true;
	}

	/**
	 * Called by a body that ends on its own thread.
	 */
	void leave() {
		HOLDER.remove();
		give();
	}

	/**
	 * Called by a body whose stage will go on holding the place.
	 */
	void detach() {
		HOLDER.remove();
	}

	void give() {
		this.inside.decrementAndGet();
	}

	/**
	 * Call something that lends the place.
	 */
	static void lending(Wait wait) throws Exception {
		StressedPool pool = HOLDER.get();
		if (pool != null) {
			pool.give();
		}
		try {
			wait.run();
		}
		finally {
			if (pool != null) {
				pool.take();
			}
		}
	}

	/**
	 * Resize the pool. What held a place before may go on; from the moment on at which
	 * the pool fits its new limit, no more than that are allowed.
	 */
	void resize(int limit) throws InterruptedException {
		if (limit >= this.allowed) {
			this.allowed = limit;
			this.engine.resizePool(this.name, limit);
		}
		else {
			this.engine.resizePool(this.name, limit);
			Eventually.holds(() -> PoolBench.look(this.engine, this.name).active() <= limit);
			this.allowed = limit;
		}
	}

	void assertNeverTooMany() {
		assertThat(this.tooMany).as("pool " + this.name).hasValue(null);
		assertThat(this.inside).hasValue(0);
	}

	private void take() {
		int now = this.inside.incrementAndGet();
		int most = this.allowed;
		if (now > most) {
			this.tooMany.compareAndSet(null, now + " bodies on " + most + " places");
		}
	}

	/**
	 * What lends the place.
	 */
	@FunctionalInterface
	interface Wait {

		void run() throws Exception;

	}

}
