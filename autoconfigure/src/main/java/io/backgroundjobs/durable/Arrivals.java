package io.backgroundjobs.durable;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rows that a look has found and that no thread has to do with yet. While there are
 * any, there is no other look: it would find them again, or more than there is room for.
 * Thread-safe.
 */
final class Arrivals {

	/** The row that the calling thread has to do with, until it is carried or left. */
	private static final ThreadLocal<Arrival> CURRENT = new ThreadLocal<>();

	private final Runnable look;

	private final AtomicInteger onTheWay = new AtomicInteger();

	/** Whether there is to be a look once they have come. */
	private final AtomicBoolean again = new AtomicBoolean();

	/** How many more rows make a full batch. Of the thread that looks. */
	private int missing;

	/**
	 * Create an empty one.
	 * @param look asks for a look
	 */
	Arrivals(Runnable look) {
		this.look = look;
	}

	/**
	 * Whether to look at the database now. If not, there is a look as soon as the last
	 * row has come.
	 */
	boolean mayLook() {
		this.again.set(true);
		return this.onTheWay.get() == 0;
	}

	/**
	 * A look begins. Called by one thread at a time.
	 * @return whether to look
	 */
	boolean begin() {
		this.missing = Integer.MAX_VALUE;
		boolean looks = mayLook();
		if (looks) {
			this.again.set(false);
		}
		return looks;
	}

	/**
	 * So many rows make a full batch, and after a full one there is another look. Called
	 * by the thread that looks.
	 */
	void expect(int rows) {
		this.missing = rows;
	}

	/**
	 * A row was found: it is on its way until it is carried, is left to another instance,
	 * or could not even be looked at. Called by the thread that looks.
	 * @param carrying what is done with it
	 * @return does that
	 */
	Arrival found(Runnable carrying) {
		if (--this.missing == 0) {
			this.again.set(true);
		}
		this.onTheWay.incrementAndGet();
		return new Arrival(carrying);
	}

	/**
	 * The row that the calling thread has to do with, if any, is on its way no more.
	 */
	static void arrived() {
		Arrival current = CURRENT.get();
		if (current != null) {
			current.end();
		}
	}

	/**
	 * What a thread does with a row that was found.
	 */
	final class Arrival implements Runnable {

		private final Runnable carrying;

		private final AtomicBoolean comes = new AtomicBoolean(true);

		private Arrival(Runnable carrying) {
			this.carrying = carrying;
		}

		@Override
		public void run() {
			CURRENT.set(this);
			try {
				this.carrying.run();
			}
			finally {
				CURRENT.remove();
				end();
			}
		}

		/**
		 * The row is on its way no more.
		 */
		void end() {
			if (this.comes.compareAndSet(true, false) && Arrivals.this.onTheWay.decrementAndGet() == 0
					&& Arrivals.this.again.get()) {
				Arrivals.this.look.run();
			}
		}

	}

}
