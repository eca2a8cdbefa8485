package io.backgroundjobs.durable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that looks have found, until somebody has to do with them. The next look waits
 * for those of the last one: it would find them again, or more than there is room for.
 * Thread-safe.
 */
final class Arrivals {

	private static final Logger logger = LoggerFactory.getLogger(Arrivals.class);

	/**
	 * How long a look waits: a row may be long in coming, because another transaction has
	 * locked it, and must not hold up the others.
	 */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	/** The row that the calling thread has to do with, until it is carried or left. */
	private static final ThreadLocal<Arrival> CURRENT = new ThreadLocal<>();

	private final Runnable look;

	private final Consumer<RuntimeException> failed;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition come = this.lock.newCondition();

	/** Written by the thread that looks, and read by it. */
	private Look last = new Look(Integer.MAX_VALUE);

	/**
	 * Create an empty one.
	 * @param look asks for a look
	 * @param failed told why nobody could do anything with a row, once for each look
	 */
	Arrivals(Runnable look, Consumer<RuntimeException> failed) {
		this.look = look;
		this.failed = failed;
	}

	/**
	 * Wait until the rows of the last look have come, but not for ever. Called by the
	 * thread that looks.
	 * @return whether to go on: {@code false} if it was interrupted, which only wakes it,
	 * as whoever looks in a loop asks whether that is over
	 */
	boolean await() {
		this.lock.lock();
		try {
			long left = PATIENCE;
			while (this.last.onTheWay > 0 && left > 0) {
				left = this.come.awaitNanos(left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A look begins. Called by the thread that looks.
	 * @param rows how many rows make a full batch, after which there is another look
	 */
	void begin(int rows) {
		this.last = new Look(rows);
	}

	/**
	 * A row was found: it is on its way until it is carried, is left to another instance,
	 * or could not even be looked at. Called by the thread that looks.
	 * @param carrying what is done with it
	 * @return does that
	 */
	Arrival found(Runnable carrying) {
		this.lock.lock();
		try {
			this.last.missing--;
			this.last.onTheWay++;
			return new Arrival(this.last, carrying);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The row that the calling thread has to do with, if any, is on its way no more.
	 */
	static void arrived() {
		Arrival current = CURRENT.get();
		if (current != null) {
			current.end(false);
		}
	}

	/**
	 * How a row comes.
	 */
	enum Ending {

		/** It has come before. */
		TOO_LATE,

		/** It is the first one of its look that nobody could do anything with. */
		FIRST_FAILURE,

		/** Anything else. */
		ONE_OF_MANY

	}

	/**
	 * What one look has found. Guarded by the lock.
	 */
	private static final class Look {

		/** How many more rows make a full batch. */
		private int missing;

		private int onTheWay;

		/** Whether there was a row that nobody could do anything with. */
		private boolean failed;

		private Look(int rows) {
			this.missing = rows;
		}

	}

	/**
	 * What a thread does with a row that was found.
	 */
	final class Arrival implements Runnable {

		private final Look foundBy;

		private final Runnable carrying;

		/** Guarded by the lock. */
		private boolean over;

		private Arrival(Look foundBy, Runnable carrying) {
			this.foundBy = foundBy;
			this.carrying = carrying;
		}

		@Override
		public void run() {
			boolean fails = true;
			CURRENT.set(this);
			try {
				this.carrying.run();
				fails = false;
			}
			catch (RuntimeException ex) {
				failed(ex);
			}
			finally {
				CURRENT.remove();
				end(fails);
			}
		}

		private void failed(RuntimeException failure) {
			Ending ending = end(true);
			if (ending == Ending.TOO_LATE) {
				// It was carried, and this is something else.
				throw failure;
			}
			if (ending == Ending.FIRST_FAILURE) {
				Arrivals.this.failed.accept(failure);
			}
			else {
				logger.debug("As others before it, a job that is due could not be taken", failure);
			}
		}

		/**
		 * The row is on its way no more.
		 * @param fails whether nobody could do anything with it
		 * @return what that was for the others of its look
		 */
		Ending end(boolean fails) {
			Ending ending;
			boolean again;
			Arrivals.this.lock.lock();
			try {
				if (this.over) {
					return Ending.TOO_LATE;
				}
				this.over = true;
				ending = (fails && !this.foundBy.failed) ? Ending.FIRST_FAILURE : Ending.ONE_OF_MANY;
				this.foundBy.failed |= fails;
				boolean last = --this.foundBy.onTheWay == 0;
				// Not where one has failed: it would go on like that for as long as they
				// do.
				again = last && this.foundBy.missing == 0 && !this.foundBy.failed;
				if (last) {
					Arrivals.this.come.signalAll();
				}
			}
			finally {
				Arrivals.this.lock.unlock();
			}
			if (again) {
				Arrivals.this.look.run();
			}
			return ending;
		}

	}

}
