package io.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextPausedEvent;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.JobEngine;

/**
 * Opens the scheduler before the web server accepts requests, and drains it after the web
 * server has answered the last one. While the context is only paused, as the test
 * framework does with cached contexts, nothing is drained: pending jobs are held back.
 */
final class IntakeLifecycle implements SmartLifecycle, ApplicationListener<ApplicationContextEvent> {

	/** Below the web server's, so that it starts before and stops after it. */
	static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

	private static final Logger logger = LoggerFactory.getLogger(IntakeLifecycle.class);

	private final List<JobEngine> engines;

	private final ConfiguredJobs configured;

	private final ObjectProvider<ThreadPoolTaskScheduler> clock;

	private final ApplicationContext context;

	/** Whether the context has started them, and not stopped. */
	private volatile boolean running;

	private volatile boolean closing;

	IntakeLifecycle(List<JobEngine> engines, ConfiguredJobs configured, ObjectProvider<ThreadPoolTaskScheduler> clock,
			ApplicationContext context) {
		this.engines = engines;
		this.configured = configured;
		this.clock = clock;
		this.context = context;
	}

	@Override
	public void start() {
		if (!this.configured.isEmpty() && !this.engines.isEmpty()) {
			new JobNameCheck(this.configured, this.context).check(this.engines);
		}
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
		reports.forEach(this::publish);
	}

	private void publish(ShutdownReport report) {
		try {
			this.context.publishEvent(report);
		}
		catch (RuntimeException ex) {
			logger.error("A listener of the shutdown's report failed", ex);
		}
	}

	/**
	 * Also while somebody else stops an engine, which the context has to wait for; and at
	 * the end when somebody else has started one, which it has to stop. Not before the
	 * end: an engine that a bean has started keeps the context from starting nothing.
	 */
	@Override
	public boolean isRunning() {
		return this.running || (this.closing && this.engines.stream().anyMatch(JobEngine::isRunning));
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
	public void onApplicationEvent(ApplicationContextEvent event) {
		// Events of child contexts arrive here too.
		if (!event.getApplicationContext().equals(this.context)) {
			return;
		}
		if (event instanceof ContextClosedEvent) {
			this.closing = true;
		}
		else if (event instanceof ContextPausedEvent) {
			this.engines.forEach(JobEngine::hold);
			// Paused like all schedulers, it would keep jobs that still run from timing
			// out.
			this.clock.ifAvailable(ThreadPoolTaskScheduler::start);
		}
	}

}
