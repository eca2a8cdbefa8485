package io.backgroundjobs.autoconfigure;

import org.springframework.context.SmartLifecycle;

import io.backgroundjobs.durable.DurableStore;

/**
 * Lets durable jobs be fetched once everything else has started, and stops that first.
 */
final class FetchLifecycle implements SmartLifecycle {

	private final DurableStore store;

	private volatile boolean running;

	FetchLifecycle(DurableStore store) {
		this.store = store;
	}

	@Override
	public void start() {
		this.store.start();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.store.hold();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
