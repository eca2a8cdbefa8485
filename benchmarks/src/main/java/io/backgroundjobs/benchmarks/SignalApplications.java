package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.time.Instant;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import io.backgroundjobs.JobSpawner;

/**
 * A web application that begins jobs as it starts.
 */
final class SignalApplications {

	/** How many jobs there are. */
	static final int JOBS = 50;

	/** What a job prints before the instant at which it begins. */
	static final String BEGUN = "begun\t";

	/** What a job prints before the instant at which it ends. */
	static final String ENDED = "ended\t";

	private SignalApplications() {
	}

	private static void work(Duration length) throws InterruptedException {
		System.out.println(BEGUN + Instant.now());
		Thread.sleep(length.toMillis());
		System.out.println(ENDED + Instant.now());
	}

	/**
	 * With our starter.
	 */
	static class Spawned extends StartUpApplications.Plain {

		@Bean
		ApplicationRunner runner(JobSpawner jobs, @Value("${benchmark.length}") Duration length) {
			return (arguments) -> {
				for (int i = 0; i < JOBS; i++) {
					jobs.spawn("work", () -> {
						work(length);
						return length;
					});
				}
			};
		}

	}

	/**
	 * With Spring's own executor.
	 */
	@EnableAsync
	static class Asynchronous extends StartUpApplications.Plain {

		@Bean
		Work work() {
			return new Work();
		}

		@Bean
		ApplicationRunner runner(Work work, @Value("${benchmark.length}") Duration length) {
			return (arguments) -> {
				for (int i = 0; i < JOBS; i++) {
					work.carryOut(length);
				}
			};
		}

	}

	/**
	 * A bean with a method that runs elsewhere.
	 */
	static class Work {

		@Async
		void carryOut(Duration length) throws InterruptedException {
			work(length);
		}

	}

}
