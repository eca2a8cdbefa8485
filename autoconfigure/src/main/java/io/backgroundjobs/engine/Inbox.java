package io.backgroundjobs.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Where spawners leave runs while all places of a pool are held, without taking its lock.
 * A stack of runs, the latest on top. Each knows how many more may come after it, so that
 * one atomic step both finds out whether there is room and takes it. What lies at the
 * bottom says how many may come, and is a new object each time, so that the step cannot
 * succeed by what was so before.
 *
 * <p>
 * Opened, emptied and closed under the pool's lock. While it is open some run holds a
 * place and will leave, so that somebody comes by and looks into it.
 */
final class Inbox {

	/** As many as a short can count, so that a run has to hold no more. */
	private static final int MOST = Short.MAX_VALUE;

	/** How long spawners pass by before one of them looks how the pool is. */
	private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final Bottom CLOSED = new Bottom(0);

	private static final VarHandle TOP;

	static {
		try {
			TOP = MethodHandles.lookup().findVarHandle(Inbox.class, "top", Object.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** A run, or what lies at the bottom. */
	private volatile Object top = CLOSED;

	/** How many might come when nothing was in here. Guarded by the pool's lock. */
	private int room;

	/** When somebody has looked last; nanoseconds of the clock. */
	private volatile long looked;

	/**
	 * Leave a run that nobody else knows yet.
	 * @return {@code false} if the lock must be taken: it is closed, or there may be no
	 * room, or it is time that somebody looks
	 */
	boolean put(JobRun<?> run) {
		if (run.createdNanos() - this.looked >= LOOK_NANOS) {
			return false;
		}
		Object current;
		do {
			current = this.top;
			int room = room(current);
			if (room == 0) {
				return false;
			}
			run.position = current;
			run.roomBehind = (short) (room - 1);
		}
		while (!TOP.compareAndSet(this, current, run));
		return true;
	}

	boolean isOpen() {
		return this.top != CLOSED;
	}

	/**
	 * Let runs come.
	 * @param room how many at most
	 */
	void open(int room) {
		this.room = Math.min(room, MOST);
		this.top = new Bottom(this.room);
	}

	/**
	 * Let no more runs come.
	 * @return the one that came last, if any has come
	 */
	@Nullable JobRun<?> close() {
		return (TOP.getAndSet(this, CLOSED) instanceof JobRun<?> run) ? run : null;
	}

	/**
	 * Take out what has come, and let more come.
	 * @param newRoom how many more may come than have come by now
	 * @return the run that came last, if any has come
	 */
	@Nullable JobRun<?> empty(int newRoom) {
		while (this.top instanceof JobRun<?> last) {
			int left = Math.min(newRoom - (this.room - last.roomBehind), MOST);
			if (TOP.compareAndSet(this, last, new Bottom(left))) {
				this.room = left;
				return last;
			}
		}
		return null;
	}

	/**
	 * A run that came through the lock has looked how the pool is.
	 */
	void looked(JobRun<?> run) {
		this.looked = run.createdNanos();
	}

	/**
	 * Turn around what has been taken out.
	 * @param last the run that came last
	 * @return the one that came first
	 */
	static @Nullable JobRun<?> inOrder(@Nullable JobRun<?> last) {
		JobRun<?> first = null;
		JobRun<?> run = last;
		while (run != null) {
			JobRun<?> below = (run.position instanceof JobRun<?> other) ? other : null;
			run.position = first;
			first = run;
			run = below;
		}
		return first;
	}

	/**
	 * Let go of a run that was turned around.
	 * @return the one that came after it
	 */
	static @Nullable JobRun<?> following(JobRun<?> run) {
		JobRun<?> following = (JobRun<?>) run.position;
		run.position = null;
		return following;
	}

	private static int room(Object top) {
		return (top instanceof JobRun<?> run) ? run.roomBehind : ((Bottom) top).room;
	}

	/**
	 * What lies below the first run.
	 */
	private static final class Bottom {

		private final int room;

		private Bottom(int room) {
			this.room = room;
		}

	}

}
