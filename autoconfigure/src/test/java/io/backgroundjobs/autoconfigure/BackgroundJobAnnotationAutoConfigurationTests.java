package io.backgroundjobs.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.PeriodicJobHandle;

import static org.assertj.core.api.Assertions.assertThat;

class BackgroundJobAnnotationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(BackgroundJobsAutoConfiguration.class, BackgroundJobAnnotationAutoConfiguration.class));

	@Test
	void periodicJobRuns() {
		this.runner.withBean("maintenance", Maintenance.class)
			.run((context) -> assertThat(context.getBean(Maintenance.class).ran.await(10, TimeUnit.SECONDS)).isTrue());
	}

	@Test
	void periodicJobOfALazyApplicationRuns() {
		Maintenance.created.set(0);
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withUserConfiguration(LazyConfiguration.class)
			.run((context) -> {
				assertThat(context.getBean(BackgroundJobScheduler.class).findPeriodic("maintenance.removeExpired"))
					.isPresent();
				assertThat(Maintenance.created).hasValue(1);
				assertThat(context.getBean(Maintenance.class).ran.await(10, TimeUnit.SECONDS)).isTrue();
			});
	}

	@Test
	void propertiesChangeThePeriodicJob() {
		this.runner.withBean("maintenance", Maintenance.class)
			.withPropertyValues("background-jobs.jobs.maintenance.removeExpired.cron=0 0 4 * * *",
					"background-jobs.jobs.maintenance.removeExpired.paused=true")
			.run((context) -> {
				PeriodicJobHandle handle = context.getBean(BackgroundJobScheduler.class)
					.findPeriodic("maintenance.removeExpired")
					.orElseThrow();
				assertThat(handle.spec().schedule()).isInstanceOf(JobSchedule.Cron.class);
				assertThat(handle.isPaused()).isTrue();
			});
	}

	@Test
	void backgroundJobMethodSpawnsInThePoolOfItsProperty() {
		this.runner.withBean("mailing", Mailing.class)
			.withPropertyValues("background-jobs.pools.mail.limit=1", "background-jobs.jobs.send-mail.pool=mail",
					"background-jobs.jobs.send-mail.timeout=10s")
			.run((context) -> {
				Job<String> job = context.getBean(Mailing.class).send("you");
				assertThat(job.await()).isEqualTo("sent to you");
				assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
				assertThat(job.kind()).isEqualTo(JobKind.ANNOTATED);
				assertThat(job.pool()).isEqualTo("mail");
			});
	}

	@Test
	void withAMockInThePlaceOfTheSchedulerTheApplicationStarts() {
		BackgroundJobScheduler mock = Mockito.mock();
		this.runner.withBean(BackgroundJobScheduler.class, () -> mock)
			.withBean("maintenance", Maintenance.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Mockito.verify(mock, Mockito.never()).start();
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class LazyConfiguration {

		@Bean
		Maintenance maintenance() {
			return new Maintenance();
		}

	}

	static class Maintenance {

		static final AtomicInteger created = new AtomicInteger();

		final CountDownLatch ran = new CountDownLatch(1);

		Maintenance() {
			created.incrementAndGet();
		}

		@PeriodicJob(every = "1h")
		void removeExpired() {
			this.ran.countDown();
		}

	}

	static class Mailing {

		@BackgroundJob(name = "send-mail")
		Job<String> send(String to) {
			return Job.completed("sent to " + to);
		}

	}

}
