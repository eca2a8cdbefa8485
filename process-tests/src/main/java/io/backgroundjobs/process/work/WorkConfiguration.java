package io.backgroundjobs.process.work;

import java.nio.file.Path;
import java.util.List;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What both applications have.
 */
@Configuration(proxyBeanMethods = false)
public class WorkConfiguration {

	@Bean
	Journal journal(@Value("${process.directory}") Path directory) {
		return new Journal(directory);
	}

	@Bean
	Work work(JdbcTemplate jdbc, Journal journal) {
		return new Work(jdbc, journal);
	}

	@Bean
	Readiness readiness(Journal journal) {
		return new Readiness(journal);
	}

	/**
	 * Tells the test at which port to knock.
	 */
	static class Readiness {

		private final Journal journal;

		Readiness(Journal journal) {
			this.journal = journal;
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			Environment environment = event.getApplicationContext().getEnvironment();
			this.journal.write("ready", List.of(environment.getRequiredProperty("local.server.port")));
		}

	}

}
