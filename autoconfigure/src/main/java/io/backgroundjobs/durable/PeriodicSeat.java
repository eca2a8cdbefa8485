package io.backgroundjobs.durable;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.engine.ClusterSeat;
import io.backgroundjobs.engine.ClusterWork;

/**
 * This instance's part in a periodic job of all instances.
 */
final class PeriodicSeat implements ClusterSeat {

	private final DurableStore store;

	private final ClusterWork work;

	private final AtomicBoolean asks = new AtomicBoolean();

	PeriodicSeat(DurableStore store, ClusterWork work) {
		this.store = store;
		this.work = work;
	}

	@Override
	public void attend(boolean attends) {
		this.store.attend(this.work, attends);
	}

	@Override
	public void look() {
		this.store.look();
		if (this.asks.compareAndSet(false, true)) {
			boolean asked = this.store.later(() -> {
				this.asks.set(false);
				this.store.ask(this.work);
			});
			if (!asked) {
				this.asks.set(false);
			}
		}
	}

	@Override
	public void reschedule() {
		this.store.later(() -> this.store.prepare(this.work));
	}

	@Override
	public @Nullable Hold hold() {
		RowHold held = this.store.hold(this.work);
		return (held != null) ? held::end : null;
	}

	@Override
	public void leave() {
		this.store.leave(this.work);
	}

}
