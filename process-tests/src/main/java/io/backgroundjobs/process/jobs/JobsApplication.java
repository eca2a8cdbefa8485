package io.backgroundjobs.process.jobs;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.process.work.WorkConfiguration;

/**
 * Takes jobs by HTTP and runs them in the background. Uses Spring's own executors beside,
 * so that settings for these find something to set.
 */
@SpringBootApplication
@EnableAsync
@EnableScheduling
@Import(WorkConfiguration.class)
public class JobsApplication {

	/**
	 * Start the application.
	 */
	public static void main(String[] args) {
		SpringApplication.run(JobsApplication.class, args);
	}

	@PeriodicJob(name = "heartbeat", every = "250ms")
	void heartbeat() {
	}

	@Scheduled(fixedRate = 250)
	void scheduledBySpring() {
	}

}
