package io.backgroundjobs.benchmarks;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.jobrunr.jobs.annotations.Recurring;
import org.quartz.DateBuilder;
import org.quartz.DateBuilder.IntervalUnit;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.backgroundjobs.PeriodicJob;

/**
 * A minimal web application, and the same with a job that is due every hour, declared as
 * the users of each library do it.
 */
public final class StartUpApplications {

	private StartUpApplications() {
	}

	/**
	 * Answers a request, and has nothing to do beside.
	 */
	@RestController
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Plain {

		@GetMapping("/")
		String hello() {
			return "hello";
		}

	}

	/**
	 * With our starter.
	 */
	static class Periodic extends Plain {

		@PeriodicJob(every = "1h", initialDelay = "1h")
		void work() {
		}

	}

	/**
	 * With Spring's own scheduling.
	 */
	@EnableScheduling
	static class Scheduling extends Plain {

		@Scheduled(fixedRateString = "1h", initialDelayString = "1h")
		void work() {
		}

	}

	/**
	 * With Spring Boot's starter for Quartz.
	 */
	static class QuartzJob extends Plain {

		@Bean
		JobDetail job() {
			return JobBuilder.newJob(Work.class).withIdentity("work").storeDurably().build();
		}

		@Bean
		Trigger trigger(JobDetail job) {
			return TriggerBuilder.newTrigger()
				.forJob(job)
				.startAt(DateBuilder.futureDate(1, IntervalUnit.HOUR))
				.withSchedule(SimpleScheduleBuilder.repeatHourlyForever())
				.build();
		}

		/**
		 * The job.
		 */
		public static final class Work implements Job {

			@Override
			public void execute(JobExecutionContext context) {
			}

		}

	}

	/**
	 * With JobRunr's starter.
	 */
	public static class JobRunrJob extends Plain {

		/**
		 * The job, which JobRunr wants public.
		 */
		@Recurring(id = "work", interval = "PT1H")
		public void work() {
		}

	}

	/**
	 * With db-scheduler's starter, and a DataSource for it.
	 */
	static class DbSchedulerTask extends Plain {

		@Bean
		RecurringTask<Void> work() {
			return Tasks.recurring("work", FixedDelay.ofHours(1)).execute((instance, context) -> {
			});
		}

	}

}
