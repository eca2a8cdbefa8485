package io.backgroundjobs.process.jobs;

import java.util.ArrayList;
import java.util.List;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.process.work.Journal;

/**
 * Writes down what was accepted, what failed, and what the shutdown says.
 */
@Component
class Witness implements JobListener, JobExceptionHandler {

	private final Journal journal;

	Witness(Journal journal) {
		this.journal = journal;
	}

	@Override
	public void accepted(Job<?> job) {
		this.journal.write("accepted", job.id() + "\t" + job.name());
	}

	@Override
	public void attemptFailed(Job<?> job, Throwable failure) {
		this.journal.write("attempts", job.id());
	}

	@Override
	public void handle(Job<?> job, Throwable failure) {
		this.journal.failure(job.id(), failure);
	}

	@EventListener
	void stopped(ShutdownReport report) {
		List<String> lines = new ArrayList<>();
		lines.add("after " + report.duration().toMillis() + " ms");
		for (ShutdownReport.Entry entry : report.jobs()) {
			lines.add(String.join("\t", entry.id(), entry.name(), entry.kind().toString(), entry.fate().toString(),
					String.valueOf(entry.outcome()), Integer.toString(entry.stack().size())));
		}
		this.journal.write("report", lines);
	}

}
