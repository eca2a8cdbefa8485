package io.backgroundjobs.autoconfigure;

import org.springframework.context.SmartLifecycle;

import io.backgroundjobs.durable.DurableStore;

/**
 * Stops what keeps durable jobs once they have been drained: until then their heartbeat
 * has to go on, and what became of them has to be written down.
 */
final class StoreLifecycle implements SmartLifecycle {

	private final DurableStore store;

	private volatile boolean running;

	StoreLifecycle(DurableStore store) {
		this.store = store;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.store.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return IntakeLifecycle.PHASE - 1;
	}

}
