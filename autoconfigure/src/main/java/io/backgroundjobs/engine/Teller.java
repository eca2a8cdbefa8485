package io.backgroundjobs.engine;

/**
 * Who tells the application of an end: calls listeners, exception handlers and what hangs
 * on futures.
 */
enum Teller {

	/** The thread that sets the outcome: that of the body, or of who cancels. */
	HERE,

	/** A courier, instead of the clock's thread. */
	COURIER,

	/**
	 * One courier for all, one after the other, instead of the thread that drains, which
	 * has bounds to keep.
	 */
	IN_TURN;

	/** How many ends the current thread is telling of; unset for none. */
	private static final ThreadLocal<Integer> DEPTH = new ThreadLocal<>();

	void tell(Couriers couriers, Runnable tell) {
		switch (this) {
			case HERE -> tell.run();
			case COURIER -> couriers.send(tell);
			case IN_TURN -> couriers.sendInTurn(tell);
		}
	}

	/**
	 * Ask asynchronous work to stop, without waiting for those who are told of other
	 * ends.
	 */
	void cancel(Couriers couriers, Runnable cancel) {
		switch (this) {
			case HERE -> cancel.run();
			case COURIER -> couriers.send(cancel);
			case IN_TURN -> couriers.cancelInTurn(cancel);
		}
	}

	/**
	 * The current thread begins to tell.
	 */
	static void begin() {
		DEPTH.set(depth() + 1);
	}

	/**
	 * The current thread has told.
	 */
	static void end() {
		int depth = depth() - 1;
		if (depth > 0) {
			DEPTH.set(depth);
		}
		else {
			DEPTH.remove();
		}
	}

	/**
	 * Return how many ends the current thread is telling of.
	 */
	static int depth() {
		Integer depth = DEPTH.get();
		return (depth != null) ? depth : 0;
	}

}
