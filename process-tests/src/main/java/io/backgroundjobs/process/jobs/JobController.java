package io.backgroundjobs.process.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.process.work.Form;
import io.backgroundjobs.process.work.Journal;
import io.backgroundjobs.process.work.Work;

/**
 * Takes jobs, and answers with their identifiers, a line each. A rejection is answered by
 * the starter.
 */
@RestController
class JobController {

	private final BackgroundJobScheduler jobs;

	private final JobBodies bodies;

	private final Work work;

	private final Journal journal;

	JobController(BackgroundJobScheduler jobs, JobBodies bodies, Work work, Journal journal) {
		this.jobs = jobs;
		this.bodies = bodies;
		this.work = work;
		this.journal = journal;
	}

	/**
	 * Spawn jobs.
	 * @param millis how long each works
	 * @param count how many of them
	 * @param pause how long a delayed one waits, or a failed one before it is tried again
	 * @param wait how long the request takes before it spawns
	 */
	@PostMapping("/jobs")
	@ResponseStatus(HttpStatus.ACCEPTED)
	String spawn(@RequestParam Form form, @RequestParam long millis, @RequestParam(defaultValue = "1") int count,
			@RequestParam(defaultValue = "300") long pause, @RequestParam(defaultValue = "0") long wait)
			throws InterruptedException {
		this.journal.write("requests", form.jobName());
		this.work.take(wait);
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(spawn(form, millis, Duration.ofMillis(pause)).id());
		}
		return String.join("\n", ids);
	}

	private Job<?> spawn(Form form, long millis, Duration pause) {
		JobOptions options = JobOptions.named(form.jobName());
		return switch (form) {
			case PLAIN -> spawn(options, (job) -> this.bodies.run(job, millis));
			case SHIELDED -> spawn(options.shielded(), (job) -> this.bodies.run(job, millis));
			case DELAYED -> spawn(options.delay(pause), (job) -> this.bodies.run(job, millis));
			case SHIELDED_DELAYED -> spawn(options.delay(pause).shielded(), (job) -> this.bodies.run(job, millis));
			case RETRYING -> spawn(options.retry(RetryPolicy.builder().maxRetries(1).delay(pause).build()),
					(job) -> this.bodies.failHalfWay(job, millis));
			case STAGE -> this.jobs.spawnAsync(options, (job) -> this.bodies.stage(job, millis));
			case MONO -> this.jobs.spawn(options, (job) -> this.bodies.mono(job, millis));
			case PARENT -> spawn(options, (job) -> this.bodies.spawnChildren(job, millis));
			case ENDLESS -> spawn(options, (job) -> this.bodies.spawnSuccessor(job, millis));
			case STUBBORN -> spawn(options, (job) -> this.bodies.swallowInterrupts(millis));
			case SYSTEM_EXIT, CONTEXT_CLOSE, SPRING_EXIT ->
				spawn(options, (job) -> this.bodies.exit(job, millis, form));
			case LOOP -> this.jobs.background(options, (job) -> this.bodies.loop()).job();
		};
	}

	private Job<?> spawn(JobOptions options, Body body) {
		return this.jobs.spawn(options, (job) -> {
			body.run(job);
			return job.id();
		});
	}

	/**
	 * A body without a result.
	 */
	@FunctionalInterface
	private interface Body {

		void run(JobContext job) throws Exception;

	}

}
