package io.backgroundjobs.process.async;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableAsync;

import io.backgroundjobs.process.work.WorkConfiguration;

/**
 * Takes jobs by HTTP and runs them with {@code @Async}, on Spring Boot's own executor.
 */
@SpringBootApplication
@EnableAsync
@Import(WorkConfiguration.class)
public class AsyncApplication {

	/**
	 * Start the application.
	 */
	public static void main(String[] args) {
		SpringApplication.run(AsyncApplication.class, args);
	}

}
