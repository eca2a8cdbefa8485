package io.backgroundjobs.durable;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.engine.ClusterSeat;
import io.backgroundjobs.engine.ClusterWork;

/**
 * This instance's part in a periodic job of all instances.
 */
final class PeriodicSeat implements ClusterSeat {

	private final PeriodicSeats seats;

	private final ClusterWork work;

	private final AtomicBoolean asks = new AtomicBoolean();

	PeriodicSeat(PeriodicSeats seats, ClusterWork work) {
		this.seats = seats;
		this.work = work;
	}

	@Override
	public void attend(boolean attends) {
		this.seats.attend(this.work, attends);
	}

	@Override
	public void look() {
		this.seats.look();
		if (this.asks.compareAndSet(false, true) && !this.seats.askLater(this.work, () -> this.asks.set(false))) {
			this.asks.set(false);
		}
	}

	@Override
	public void reschedule() {
		this.seats.prepareLater(this.work);
	}

	@Override
	public @Nullable Hold hold() {
		RowHold held = this.seats.hold(this.work);
		return (held != null) ? held::end : null;
	}

	@Override
	public void leave() {
		this.seats.leave(this.work);
	}

}
