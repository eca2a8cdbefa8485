package io.backgroundjobs.process.jobs;

import org.springframework.context.SmartLifecycle;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.process.work.Journal;

/**
 * Writes down when it is stopped, and how many spawned jobs are live then.
 */
class LowerPhase implements SmartLifecycle {

	private final String name;

	private final BackgroundJobScheduler jobs;

	private final Journal journal;

	private volatile boolean running;

	LowerPhase(String name, BackgroundJobScheduler jobs, Journal journal) {
		this.name = name;
		this.jobs = jobs;
		this.journal = journal;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		long live = this.jobs.jobs().stream().filter((job) -> job.kind() == JobKind.SPAWNED).count();
		this.journal.write("stops", this.name + "\t" + live);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return 0;
	}

}
