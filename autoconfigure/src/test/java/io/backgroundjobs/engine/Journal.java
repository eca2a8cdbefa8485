package io.backgroundjobs.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;

/**
 * Writes down what a listener and an exception handler are told, in the order in which
 * they are.
 */
final class Journal implements JobListener, JobExceptionHandler {

	private final List<String> lines = new CopyOnWriteArrayList<>();

	@Override
	public void accepted(Job<?> job) {
		write("accepted " + job.name());
	}

	@Override
	public void started(Job<?> job) {
		write("started " + job.name() + " " + job.attempts());
	}

	@Override
	public void attemptFailed(Job<?> job, Throwable failure) {
		write("attemptFailed " + job.name() + " " + failure.getClass().getSimpleName());
	}

	@Override
	public void ended(Job<?> job) {
		write("ended " + job.name() + " " + job.outcome());
	}

	@Override
	public void overrunLeft(Job<?> job) {
		write("overrunLeft " + job.name());
	}

	@Override
	public void handle(Job<?> job, Throwable failure) {
		write("handled " + job.name() + " " + failure.getClass().getSimpleName());
	}

	void write(String line) {
		this.lines.add(line);
	}

	List<String> lines() {
		return List.copyOf(this.lines);
	}

	List<String> lines(String start) {
		return this.lines.stream().filter((line) -> line.startsWith(start)).toList();
	}

}
