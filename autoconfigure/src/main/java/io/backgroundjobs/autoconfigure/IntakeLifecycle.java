package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextPausedEvent;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.JobEngine;

/**
 * Opens the scheduler before the web server accepts requests, and drains it after the web
 * server has answered the last one. While the context is only paused, as the test
 * framework does with cached contexts, nothing is drained: pending jobs are held back.
 */
final class IntakeLifecycle implements SmartLifecycle, ApplicationListener<ContextPausedEvent> {

	/** Below the web server's, so that it starts before and stops after it. */
	static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

	private final List<JobEngine> engines;

	private final JobNameCheck names;

	private final ObjectProvider<ThreadPoolTaskScheduler> clock;

	private final ApplicationContext context;

	/**
	 * Not {@code engine.isRunning()}: that is false while somebody else stops it, and the
	 * context has to wait for that too.
	 */
	private volatile boolean running;

	IntakeLifecycle(List<JobEngine> engines, JobNameCheck names, ObjectProvider<ThreadPoolTaskScheduler> clock,
			ApplicationContext context) {
		this.engines = engines;
		this.names = names;
		this.clock = clock;
		this.context = context;
	}

	@Override
	public void start() {
		this.names.check(this.engines);
		this.engines.forEach(JobEngine::open);
		this.running = true;
	}

	/**
	 * Blocks for as long as the drain takes. Spring would give up an asynchronous stop
	 * after {@code spring.lifecycle.timeout-per-shutdown-phase}.
	 */
	@Override
	public void stop() {
		this.running = false;
		List<ShutdownReport> reports = new ArrayList<>();
		for (JobEngine engine : this.engines) {
			reports.add(engine.stop());
		}
		// Not before all have stopped: a listener may throw.
		reports.forEach(this.context::publishEvent);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * A child context leaves its parent's scheduler alone.
	 */
	@Override
	public boolean isAutoStartup() {
		return !this.engines.isEmpty();
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void onApplicationEvent(ContextPausedEvent event) {
		// Events of child contexts arrive here too.
		if (event.getApplicationContext().equals(this.context)) {
			this.engines.forEach(JobEngine::hold);
			// Paused like all schedulers, it would keep jobs that still run from timing
			// out.
			this.clock.ifAvailable(ThreadPoolTaskScheduler::start);
		}
	}

}
