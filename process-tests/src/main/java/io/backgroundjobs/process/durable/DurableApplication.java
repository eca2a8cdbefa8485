package io.backgroundjobs.process.durable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * Spawns durable jobs and runs them, as one instance of several on a database that is
 * given as an argument.
 */
@SpringBootApplication
public class DurableApplication {

	/**
	 * Start the application.
	 */
	public static void main(String[] args) {
		builder().run(args);
	}

	/**
	 * Return how the application is started, with the settings that it has in common with
	 * no other one.
	 */
	public static SpringApplicationBuilder builder() {
		return new SpringApplicationBuilder(DurableApplication.class).web(WebApplicationType.NONE).profiles("durable");
	}

}
