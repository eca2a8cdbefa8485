package io.backgroundjobs.autoconfigure;

import java.util.List;

import org.springframework.context.SmartLifecycle;

import io.backgroundjobs.engine.JobEngine;

/**
 * Lets periodic jobs tick once everything else has started, and stops that first.
 */
final class TriggerLifecycle implements SmartLifecycle {

	private final List<JobEngine> engines;

	private volatile boolean running;

	TriggerLifecycle(List<JobEngine> engines) {
		this.engines = engines;
	}

	@Override
	public void start() {
		// What was held back when the context was paused goes on.
		this.engines.forEach(JobEngine::release);
		this.engines.forEach(JobEngine::startTicking);
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.engines.forEach(JobEngine::stopTicking);
	}

	@Override
	public boolean isAutoStartup() {
		return !this.engines.isEmpty();
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
