package io.backgroundjobs.autoconfigure;

import java.util.stream.Stream;

import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.PeriodicJob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What a user reads when the application does not start.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTests {

	private final CapturedOutput output;

	FailureAnalysisTests(CapturedOutput output) {
		this.output = output;
	}

	@Test
	void duplicateName() {
		assertFails(TwoOfOneName.class).containsSubsequence("APPLICATION FAILED TO START", "Description:", "clean-up",
				"TwoOfOneName.first()", "TwoOfOneName.second()", "Action:", "another name");
	}

	@Test
	void noSchedule() {
		assertFails(NoSchedule.class).containsSubsequence("Description:", "NoSchedule.run()", "has no schedule",
				"Action:", "exactly one of 'every', 'fixedDelay' and 'cron'");
	}

	@Test
	void contradictorySchedule() {
		assertFails(TwoSchedules.class).containsSubsequence("Description:", "TwoSchedules.run()", "several schedules",
				"every = '5s'", "cron = '0 0 4 * * *'", "Action:");
	}

	@Test
	void contradictoryScheduleInTheProperties() {
		assertFails(CleanUp.class, "background-jobs.jobs.clean-up.every=5s", "background-jobs.jobs.clean-up.cron=-")
			.containsSubsequence("Description:", "'clean-up'", "more than one schedule",
					"background-jobs.jobs.clean-up.every", "background-jobs.jobs.clean-up.cron", "Action:");
	}

	@Test
	void intervalUnderTheFloor() {
		assertFails(CleanUp.class, "background-jobs.minimum-interval=2h").containsSubsequence("Description:",
				"clean-up", "Action:");
	}

	@Test
	void badCron() {
		assertFails(BadCron.class).containsSubsequence("Description:", "BadCron.run()", "'0 0 25 * * *'", "Action:",
				"six fields");
	}

	@Test
	void badZone() {
		assertFails(BadZone.class).containsSubsequence("Description:", "BadZone.run()", "'Mars/Olympus'", "Action:",
				"Europe/Paris");
	}

	@Test
	void unknownPool() {
		assertFails(UnknownPool.class, "background-jobs.pools.reports.limit=1").containsSubsequence("Description:",
				"clean-up", "'report'", "[default, reports]", "Action:", "background-jobs.pools.report.limit");
	}

	@Test
	void unknownJobInTheProperties() {
		assertFails(CleanUp.class, "background-jobs.jobs.clean-upp.every=5s").containsSubsequence("Description:",
				"There is no job 'clean-upp'", "background-jobs.jobs.clean-upp.every", "Action:",
				"The nearest name is 'clean-up'.");
	}

	@Test
	void methodThatCannotBeAJob() {
		assertFails(TooManyArguments.class).containsSubsequence("Description:", "TooManyArguments.run(String)",
				"Action:");
	}

	@Test
	void invalidLimit() {
		assertFails(CleanUp.class, "background-jobs.pools.mail.limit=0").containsSubsequence("Description:",
				"The property background-jobs.pools.mail.limit has the value '0'", "Origin:", "Action:",
				"Give 1 or more");
	}

	@Test
	void limitThatIsNoNumber() {
		assertFails(CleanUp.class, "background-jobs.pools.mail.limit=many").containsSubsequence("Description:",
				"background-jobs.pools.mail.limit", "many", "Action:");
	}

	@Test
	void unknownOverflowPolicy() {
		assertFails(CleanUp.class, "background-jobs.pools.mail.overflow=drop").containsSubsequence("Description:",
				"background-jobs.pools.mail.overflow", "drop", "Action:", "BLOCK", "CALLER_RUNS", "REJECT");
	}

	@Test
	void durationWithoutAUnit() {
		assertFails(CleanUp.class, "background-jobs.shutdown.wait-timeout=20").containsSubsequence("Description:",
				"background-jobs.shutdown.wait-timeout", "is '20', a number without a unit", "Action:", "'20s'");
	}

	@Test
	void textThatIsNoDuration() {
		assertFails(CleanUp.class, "background-jobs.shutdown.wait-timeout=soon").containsSubsequence("Description:",
				"background-jobs.shutdown.wait-timeout", "is 'soon', which is not a duration", "Origin:", "Action:",
				"'30s'");
	}

	@Test
	void badTimeoutOfAPool() {
		assertFails(CleanUp.class, "background-jobs.pools.mail.timeout=20").containsSubsequence("Description:",
				"background-jobs.pools.mail.timeout is '20'", "Origin:", "Action:", "'20s'");
	}

	@Test
	void badValueInTheAttributesOfAJob() {
		assertFails(CleanUp.class, "background-jobs.jobs[cleanUp].every=20").containsSubsequence("Description:",
				"background-jobs.jobs.clean-up.every is '20'", "CleanUp.run()",
				"Property: background-jobs.jobs[cleanUp].every", "Value: \"20\"", "Origin:", "Action:", "'20s'");
	}

	@Test
	void contradictoryBoundsOfTheShutdown() {
		assertFails(CleanUp.class, "background-jobs.shutdown.shield-timeout=10s").containsSubsequence("Description:",
				"background-jobs.shutdown.shield-timeout", "'10s'", "Origin:", "Action:",
				"background-jobs.shutdown.wait-timeout (20s)");
	}

	@Test
	void misspeltProperty() {
		assertFails(CleanUp.class, "background-jobs.shutdown.wait-timout=20s").containsSubsequence("Description:",
				"There is no such property as background-jobs.shutdown.wait-timout", "Action:",
				"'background-jobs.shutdown.wait-timeout'");
	}

	@Test
	void clockWithATaskDecorator() {
		assertFails(DecoratedClock.class).containsSubsequence("Description:",
				"The task scheduler 'backgroundJobTaskScheduler' has a TaskDecorator", "Action:", "remove it");
	}

	private AbstractStringAssert<?> assertFails(Class<?> source, String... properties) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class, source)
			.web(WebApplicationType.NONE)
			.logStartupInfo(false);
		String[] arguments = Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new);
		assertThatException().isThrownBy(() -> application.run(arguments).close());
		return assertThat(this.output.getAll()).contains("APPLICATION FAILED TO START");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ BackgroundJobsAutoConfiguration.class, BackgroundJobAnnotationAutoConfiguration.class })
	static class Application {

	}

	static class CleanUp {

		@PeriodicJob(name = "clean-up", every = "1h", initialDelay = "1h")
		void run() {
		}

	}

	static class TwoOfOneName {

		@PeriodicJob(name = "clean-up", every = "1h")
		void first() {
		}

		@PeriodicJob(name = "cleanUp", every = "1h")
		void second() {
		}

	}

	static class NoSchedule {

		@PeriodicJob
		void run() {
		}

	}

	static class TwoSchedules {

		@PeriodicJob(every = "5s", cron = "0 0 4 * * *")
		void run() {
		}

	}

	static class BadCron {

		@PeriodicJob(cron = "0 0 25 * * *")
		void run() {
		}

	}

	static class BadZone {

		@PeriodicJob(cron = "0 0 4 * * *", zone = "Mars/Olympus")
		void run() {
		}

	}

	static class UnknownPool {

		@PeriodicJob(name = "clean-up", every = "1h", pool = "report")
		void run() {
		}

	}

	static class TooManyArguments {

		@PeriodicJob(every = "1h")
		void run(String argument) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DecoratedClock {

		@Bean
		ThreadPoolTaskScheduler backgroundJobTaskScheduler() {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			TaskDecorator decorator = (task) -> task;
			scheduler.setTaskDecorator(decorator);
			return scheduler;
		}

	}

}
