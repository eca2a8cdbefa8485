package io.backgroundjobs.process.jobs;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.process.work.Form;
import io.backgroundjobs.process.work.Work;

/**
 * What the jobs do that do more than work and write a row.
 */
@Component
class JobBodies {

	private final JobSpawner jobs;

	private final Work work;

	private final ConfigurableApplicationContext context;

	JobBodies(JobSpawner jobs, Work work, ConfigurableApplicationContext context) {
		this.jobs = jobs;
		this.work = work;
		this.context = context;
	}

	void run(JobContext job, long millis) throws InterruptedException {
		this.work.run(job.id(), job.name(), millis);
	}

	void failHalfWay(JobContext job, long millis) throws InterruptedException {
		this.work.take(millis / 2);
		if (job.attempt() == 1) {
			throw new IllegalStateException("The first attempt fails");
		}
		this.work.write(job.id(), job.name());
	}

	CompletionStage<String> stage(JobContext job, long millis) {
		Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
		// In two steps: whoever cancels the result keeps the row from being written.
		return CompletableFuture.supplyAsync(job::id, later).thenApply((id) -> {
			this.work.write(id, job.name());
			return id;
		});
	}

	Mono<?> mono(JobContext job, long millis) {
		return Mono.delay(Duration.ofMillis(millis), Schedulers.boundedElastic())
			.doOnNext((tick) -> this.work.write(job.id(), job.name()));
	}

	void spawnChildren(JobContext job, long millis) throws InterruptedException {
		this.work.take(millis / 2);
		spawn("child", millis);
		spawn("child", millis);
		run(job, millis / 2);
	}

	void spawnSuccessor(JobContext job, long millis) throws InterruptedException {
		run(job, millis);
		this.jobs.spawn(job.name(), (successor) -> {
			spawnSuccessor(successor, millis);
			return null;
		});
	}

	void swallowInterrupts(long millis) {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
			Thread.interrupted();
		}
	}

	void exit(JobContext job, long millis, Form form) throws InterruptedException {
		run(job, millis);
		switch (form) {
			case SYSTEM_EXIT -> System.exit(7);
			case CONTEXT_CLOSE -> this.context.close();
			case SPRING_EXIT -> System.exit(SpringApplication.exit(this.context, () -> 5));
			default -> throw new IllegalArgumentException(form.jobName());
		}
	}

	void loop() throws InterruptedException {
		while (true) {
			this.work.take(10);
		}
	}

	private void spawn(String name, long millis) {
		try {
			this.jobs.spawn(name, (job) -> {
				run(job, millis);
				return null;
			});
		}
		catch (JobRejectedException ex) {
			// The bound of the shutdown has passed: nobody was promised anything.
			return;
		}
	}

}
