package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobFailedException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.JobTimeoutException;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.engine.JobEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

class LifecycleTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(BackgroundJobsAutoConfiguration.class, BackgroundJobAnnotationAutoConfiguration.class));

	@Test
	void jobsAreAcceptedBeforeTheWebServerStartsAndAfterItHasStopped() {
		this.runner.run((context) -> {
			IntakeLifecycle intake = context.getBean(IntakeLifecycle.class);
			assertThat(intake.getPhase()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
				.isGreaterThan(Integer.MAX_VALUE / 2);
			assertThat(intake.isPauseable()).isFalse();
			TriggerLifecycle triggers = context.getBean(TriggerLifecycle.class);
			assertThat(triggers.getPhase()).isEqualTo(Integer.MAX_VALUE);
			assertThat(triggers.isPauseable()).isTrue();
		});
	}

	@Test
	void closingTheContextPublishesTheReport() {
		Reports reports = new Reports();
		this.runner.withBean(Reports.class, () -> reports).run((context) -> {
			CountDownLatch started = new CountDownLatch(1);
			context.getBean(BackgroundJobScheduler.class).spawn("slow", () -> {
				started.countDown();
				Thread.sleep(50);
				return null;
			});
			started.await();
		});
		assertThat(reports.published).hasSize(1);
		assertThat(reports.published.get(0).jobs()).extracting(ShutdownReport.Entry::name, ShutdownReport.Entry::fate)
			.containsExactly(tuple("slow", ShutdownReport.Fate.FINISHED));
	}

	@Test
	void pausedContextHoldsPendingJobsAndRestartLetsThemGoOn() {
		this.runner.run((context) -> {
			ConfigurableApplicationContext own = context.getSourceApplicationContext();
			JobEngine engine = context.getBean(JobEngine.class);
			own.pause();
			assertThat(engine.isRunning()).isTrue();
			assertThat(engine.isTicking()).isFalse();
			Job<Integer> job = engine.spawn("held", () -> 42);
			assertThat(job.state()).isEqualTo(JobState.PENDING);
			own.restart();
			assertThat(job.await(Duration.ofSeconds(10))).isEqualTo(42);
			assertThat(engine.isTicking()).isTrue();
		});
	}

	@Test
	void jobsThatAreHeldWhenThePausedContextIsClosedAreFinished() {
		List<String> ran = new ArrayList<>();
		this.runner.run((context) -> {
			context.getSourceApplicationContext().pause();
			context.getBean(JobEngine.class).spawn("held", () -> ran.add("held"));
		});
		assertThat(ran).containsExactly("held");
	}

	@Test
	void timeoutsAreKeptWhileTheContextIsPaused() {
		assertTimeoutsAreKept(this.runner);
	}

	@Test
	void timeoutsAreKeptByAClockOfTheApplicationToo() {
		assertTimeoutsAreKept(this.runner.withBean("backgroundJobTaskScheduler", ThreadPoolTaskScheduler.class));
	}

	private static void assertTimeoutsAreKept(ApplicationContextRunner runner) {
		runner.withPropertyValues("background-jobs.pools.default.timeout=200ms").run((context) -> {
			CountDownLatch started = new CountDownLatch(1);
			Job<Object> job = context.getBean(JobEngine.class).spawn("endless", () -> {
				started.countDown();
				return new CountDownLatch(1).await(1, TimeUnit.HOURS);
			});
			started.await();
			context.getSourceApplicationContext().pause();
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> job.await(Duration.ofSeconds(10)))
				.withCauseInstanceOf(JobTimeoutException.class);
		});
	}

	@Test
	void stoppedContextStartsAgain() {
		this.runner.run((context) -> {
			JobEngine engine = context.getBean(JobEngine.class);
			context.getSourceApplicationContext().stop();
			assertThat(engine.isRunning()).isFalse();
			context.getSourceApplicationContext().start();
			assertThat(engine.isRunning()).isTrue();
			assertThat(engine.isTicking()).isTrue();
			assertThat(engine.spawn("again", () -> 42).await()).isEqualTo(42);
		});
	}

	@Test
	void schedulerThatIsStartedByHandInAStoppedContextIsDrainedWithTheOthers() {
		List<ShutdownReport> published = new ArrayList<>();
		this.runner.withUserConfiguration(Reports.class).run((context) -> {
			JobEngine engine = context.getBean(JobEngine.class);
			context.getSourceApplicationContext().stop();
			engine.start();
			engine.spawn(JobOptions.named("by-hand").delay(Duration.ofHours(1)), () -> "x");
			Reports reports = context.getBean(Reports.class);
			context.getSourceApplicationContext().close();
			published.addAll(reports.published);
		});
		assertThat(published).hasSize(2)
			.last()
			.satisfies((report) -> assertThat(report.jobs()).extracting(ShutdownReport.Entry::name)
				.containsExactly("by-hand"));
	}

	@Test
	void schedulerThatABeanStartsIsCheckedAllTheSame() {
		this.runner.withUserConfiguration(Impatient.class)
			.withPropertyValues("background-jobs.jobs.unknown.every=1h")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("There is no job 'unknown'"));
	}

	@Test
	void listenerOfTheReportThatThrowsIsLogged() {
		this.runner.withUserConfiguration(BrokenReports.class).run((context) -> {
			context.getSourceApplicationContext().stop();
			assertThat(context.getBean(JobEngine.class).isRunning()).isFalse();
			assertThat(context.getBean(BrokenReports.class).called).isTrue();
		});
	}

	@Test
	void schedulerThatSomebodyElseStoppedIsNoObstacle() {
		this.runner.run((context) -> context.getBean(JobEngine.class).stop());
	}

	@Test
	void childContextSharesTheSchedulerOfItsParent() {
		this.runner.run((parent) -> {
			JobEngine engine = parent.getBean(JobEngine.class);
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.register(BackgroundJobsAutoConfiguration.class, BackgroundJobAnnotationAutoConfiguration.class,
						ChildJob.class);
				child.refresh();
				assertThat(child.getBean(BackgroundJobScheduler.class)).isSameAs(engine);
				assertThat(child.containsLocalBean("backgroundJobScheduler")).isFalse();
				assertThat(child.containsLocalBean("backgroundJobTaskScheduler")).isFalse();
				assertThat(engine.findPeriodic("child-job")).isPresent();
				child.pause();
				assertThat(engine.spawn("not-held", () -> 42).await(Duration.ofSeconds(10))).isEqualTo(42);
				child.restart();
			}
			assertThat(engine.isRunning()).isTrue();
			assertThat(engine.isTicking()).isTrue();
			assertThat(engine.findPeriodic("child-job")).isEmpty();
		});
	}

	static class ChildJob {

		@PeriodicJob(name = "child-job", every = "1h", initialDelay = "1h")
		void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reports {

		final List<ShutdownReport> published = new ArrayList<>();

		@EventListener
		void on(ShutdownReport report) {
			this.published.add(report);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenReports {

		volatile boolean called;

		@EventListener
		void on(ShutdownReport report) {
			this.called = true;
			throw new IllegalStateException("broken");
		}

	}

	static class Impatient {

		Impatient(BackgroundJobScheduler jobs) {
			jobs.start();
		}

	}

}
