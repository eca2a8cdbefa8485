package io.backgroundjobs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.scheduling.ScheduledTasksEndpointAutoConfiguration;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint.CronTaskDescriptor;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint.CustomTriggerTaskDescriptor;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint.IntervalTaskDescriptor;
import org.springframework.boot.actuate.scheduling.ScheduledTasksEndpoint.ScheduledTasksDescriptor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.config.TaskExecutionOutcome.Status;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobSchedule;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.autoconfigure.BackgroundJobScheduledTasksAutoConfiguration;
import io.backgroundjobs.autoconfigure.BackgroundJobsAutoConfiguration;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Periodic jobs in Boot's own endpoint {@code scheduledtasks}.
 */
class PeriodicJobTasksTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("management.endpoints.web.exposure.include=scheduledtasks")
		.withConfiguration(
				AutoConfigurations.of(EndpointAutoConfiguration.class, ScheduledTasksEndpointAutoConfiguration.class,
						BackgroundJobsAutoConfiguration.class, BackgroundJobScheduledTasksAutoConfiguration.class));

	private final AtomicInteger runs = new AtomicInteger();

	@Test
	void eachKindOfScheduleIsDescribed() {
		this.runner.run((context) -> {
			BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
			add(jobs, PeriodicJobSpec.named("rate").every(ofMinutes(5)).initialDelay(ofHours(1)));
			add(jobs, PeriodicJobSpec.named("delay").fixedDelay(ofMinutes(6)).initialDelay(ofHours(2)));
			PeriodicJobHandle cron = add(jobs,
					PeriodicJobSpec.named("cron").cron("0 30 2 1 1 *", ZoneId.of("Europe/Paris")));
			add(jobs, PeriodicJobSpec.named("custom").trigger((trigger) -> Instant.now().plus(ofDays(1))));
			add(jobs, PeriodicJobSpec.named("disabled").every(ofMinutes(5)).enabled(false));
			add(jobs, PeriodicJobSpec.named("never").enabled(false));
			ScheduledTasksDescriptor tasks = tasks(context);
			assertThat(tasks.getFixedRate()).singleElement().satisfies((task) -> {
				assertThat(task.getRunnable().getTarget()).isEqualTo("rate");
				assertThat(((IntervalTaskDescriptor) task).getInterval()).isEqualTo(300_000);
				assertThat(((IntervalTaskDescriptor) task).getInitialDelay()).isEqualTo(3_600_000);
				assertThat(task.getNextExecution().getTime()).isBetween(Instant.now().plus(ofMinutes(50)),
						Instant.now().plus(ofHours(1)));
				assertThat(task.getLastExecution()).isNull();
			});
			assertThat(tasks.getFixedDelay()).singleElement().satisfies((task) -> {
				assertThat(task.getRunnable().getTarget()).isEqualTo("delay");
				assertThat(((IntervalTaskDescriptor) task).getInterval()).isEqualTo(360_000);
			});
			assertThat(tasks.getCron()).singleElement().satisfies((task) -> {
				assertThat(task.getRunnable().getTarget()).isEqualTo("cron");
				assertThat(((CronTaskDescriptor) task).getExpression()).isEqualTo("0 30 2 1 1 *");
				assertThat(Duration.between(task.getNextExecution().getTime(), cron.nextRun()).abs())
					.isLessThan(ofMinutes(1));
			});
			assertThat(tasks.getCustom()).singleElement().satisfies((task) -> {
				assertThat(task.getRunnable().getTarget()).isEqualTo("custom");
				assertThat(((CustomTriggerTaskDescriptor) task).getTrigger()).isNotEmpty();
			});
			assertThat(this.runs).hasValue(0);
		});
	}

	@Test
	void lastRunIsTheLastExecution() {
		this.runner.run((context) -> {
			BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
			PeriodicJobHandle good = add(jobs, PeriodicJobSpec.named("good").every(ofDays(1)).initialDelay(ofDays(1)));
			PeriodicJobHandle bad = jobs
				.addPeriodic(PeriodicJobSpec.named("bad").fixedDelay(ofDays(1)).initialDelay(ofDays(1)), () -> {
					throw new IllegalStateException("broken");
				});
			Job<?> run = good.trigger();
			run.await();
			bad.trigger().toFuture().exceptionally((ex) -> null).get();
			ScheduledTasksDescriptor tasks = tasks(context);
			assertThat(tasks.getFixedRate().get(0).getLastExecution()).satisfies((last) -> {
				assertThat(last.getStatus()).isEqualTo(Status.SUCCESS);
				assertThat(last.getTime()).isEqualTo(run.startedAt());
				assertThat(last.getException()).isNull();
			});
			assertThat(tasks.getFixedDelay().get(0).getLastExecution()).satisfies((last) -> {
				assertThat(last.getStatus()).isEqualTo(Status.ERROR);
				assertThat(last.getException().getType()).isEqualTo(IllegalStateException.class.getName());
				assertThat(last.getException().getMessage()).isEqualTo("broken");
			});
		});
	}

	@Test
	void jobThatIsRemovedOrRescheduledIsSeenSo() {
		this.runner.run((context) -> {
			BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
			PeriodicJobHandle job = add(jobs, PeriodicJobSpec.named("job").every(ofDays(1)).initialDelay(ofDays(1)));
			job.reschedule(new JobSchedule.FixedDelay(ofHours(3)));
			assertThat(tasks(context).getFixedRate()).isEmpty();
			assertThat(tasks(context).getFixedDelay()).singleElement()
				.satisfies((task) -> assertThat(((IntervalTaskDescriptor) task).getInterval()).isEqualTo(10_800_000));
			job.remove();
			assertThat(tasks(context).getFixedDelay()).isEmpty();
		});
	}

	@Test
	void springNeitherRunsNorCancelsThem() {
		this.runner.withUserConfiguration(Scheduling.class).run((context) -> {
			BackgroundJobScheduler jobs = context.getBean(BackgroundJobScheduler.class);
			PeriodicJobHandle job = add(jobs, PeriodicJobSpec.named("job").every(ofDays(1)).initialDelay(ofDays(1)));
			ScheduledTask task = context.getBean(PeriodicJobTasks.class).getScheduledTasks().iterator().next();
			task.cancel();
			assertThat(job.nextRun()).isNotNull();
			assertThat(task.nextExecution()).isNotNull();
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> task.getTask().getRunnable().run())
				.withMessageContaining("PeriodicJobHandle.trigger()");
			assertThat(this.runs).hasValue(0);
		});
	}

	@Test
	void whoeverInjectsAHolderGetsSprings() {
		this.runner.withUserConfiguration(Scheduling.class).run((context) -> {
			assertThat(context.getBean(Scheduling.Injected.class).one)
				.isInstanceOf(ScheduledAnnotationBeanPostProcessor.class);
			assertThat(context.getBean(ScheduledTaskHolder.class))
				.isInstanceOf(ScheduledAnnotationBeanPostProcessor.class);
			add(context.getBean(BackgroundJobScheduler.class),
					PeriodicJobSpec.named("job").every(ofDays(1)).initialDelay(ofDays(1)));
			assertThat(tasks(context).getFixedRate()).extracting((task) -> task.getRunnable().getTarget())
				.containsExactlyInAnyOrder("job", Scheduling.Own.class.getName() + ".tidy");
		});
	}

	@Test
	void withoutTheEndpointThereIsNoHolder() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(ScheduledTaskHolder.class));
	}

	private PeriodicJobHandle add(BackgroundJobScheduler jobs, PeriodicJobSpec spec) {
		return jobs.addPeriodic(spec, this.runs::incrementAndGet);
	}

	private static ScheduledTasksDescriptor tasks(ApplicationContext context) {
		return context.getBean(ScheduledTasksEndpoint.class).scheduledTasks();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

		@Bean
		Own own() {
			return new Own();
		}

		@Bean
		Injected injected(ScheduledTaskHolder one) {
			return new Injected(one);
		}

		static class Own {

			@Scheduled(fixedRate = 86_400_000, initialDelay = 86_400_000)
			void tidy() {
			}

		}

		static class Injected {

			final ScheduledTaskHolder one;

			Injected(ScheduledTaskHolder one) {
				this.one = one;
			}

		}

	}

}
