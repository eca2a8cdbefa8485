package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.PeriodicJobHandle;

/**
 * Tells when a periodic job is due next. Cancelling it does nothing: a periodic job is
 * paused or removed by its handle.
 *
 * @param handle the periodic job
 */
record NextRun(PeriodicJobHandle handle) implements ScheduledFuture<@Nullable Object> {

	@Override
	public long getDelay(TimeUnit unit) {
		Instant next = this.handle.nextRun();
		return (next != null) ? unit.convert(Duration.between(Instant.now(), next)) : 0;
	}

	@Override
	public int compareTo(Delayed other) {
		return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return false;
	}

	@Override
	public boolean isCancelled() {
		return this.handle.nextRun() == null;
	}

	@Override
	public boolean isDone() {
		return false;
	}

	@Override
	public @Nullable Object get() {
		throw new UnsupportedOperationException("A periodic job has no result");
	}

	@Override
	public @Nullable Object get(long timeout, TimeUnit unit) {
		throw new UnsupportedOperationException("A periodic job has no result");
	}

}
