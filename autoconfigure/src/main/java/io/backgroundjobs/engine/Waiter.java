package io.backgroundjobs.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for a run to end: a thread, or a future. Linked in the run's list,
 * which the run's monitor guards. The state decides whether a thread that gives up has
 * left before the end or not: exactly one of the two moves out of WAITING succeeds.
 */
final class Waiter {

	private static final int WAITING = 0;

	private static final int RELEASED = 1;

	private static final int TIMED_OUT = 2;

	private static final int LEFT = 3;

	/** Stands for the list of a run that has ended. */
	static final Waiter CLOSED = new Waiter(new CompletableFuture<>());

	@Nullable Waiter next;

	/** Whose end it waits for. */
	@Nullable JobRun<?> run;

	final @Nullable CompletableFuture<@Nullable Object> future;

	final @Nullable Thread thread;

	private final AtomicInteger state = new AtomicInteger();

	Waiter() {
		this.thread = Thread.currentThread();
		this.future = null;
	}

	Waiter(CompletableFuture<@Nullable Object> future) {
		this.thread = null;
		this.future = future;
	}

	/**
	 * The run has ended.
	 * @return whether a thread was waiting
	 */
	boolean release() {
		boolean released = this.state.compareAndSet(WAITING, RELEASED);
		LockSupport.unpark(this.thread);
		return released && this.thread != null;
	}

	void timeout() {
		this.state.compareAndSet(WAITING, TIMED_OUT);
		LockSupport.unpark(this.thread);
	}

	/**
	 * Wait to be released.
	 * @param clock bounds the wait; {@code null} for no bound
	 * @param deadline when to give up, in nanoseconds of the clock, even if the clock
	 * keeps no timers any more
	 * @return whether it was released; {@code false} if the time was over
	 * @throws InterruptedException if interrupted before it was released
	 */
	boolean await(@Nullable EngineClock clock, long deadline) throws InterruptedException {
		while (this.state.get() == WAITING) {
			if (Thread.currentThread().isInterrupted() && this.state.compareAndSet(WAITING, LEFT)) {
				Thread.interrupted();
				throw new InterruptedException();
			}
			if (clock != null && deadline - clock.nanoTime() <= 0) {
				this.state.compareAndSet(WAITING, TIMED_OUT);
			}
			if (this.state.get() == WAITING && clock != null) {
				LockSupport.parkNanos(this, deadline - clock.nanoTime());
			}
			else if (this.state.get() == WAITING) {
				LockSupport.park(this);
			}
		}
		return this.state.get() == RELEASED;
	}

}
