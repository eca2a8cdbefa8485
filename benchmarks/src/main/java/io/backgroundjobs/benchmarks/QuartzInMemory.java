package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Quartz as it comes: the store in memory and ten threads.
 */
final class QuartzInMemory implements Repeater {

	private static final String WORK = "work";

	private final Scheduler scheduler;

	QuartzInMemory() throws SchedulerException {
		this.scheduler = new StdSchedulerFactory().getScheduler();
		this.scheduler.start();
	}

	@Override
	public long repeat(String name, long first, Duration every, Runnable work) throws SchedulerException {
		Instant asked = Instant.now().plusNanos(first - System.nanoTime());
		// It knows milliseconds: what it makes of the instant does not count as late.
		Instant named = asked.truncatedTo(ChronoUnit.MILLIS);
		Trigger trigger = TriggerBuilder.newTrigger()
			.startAt(Date.from(named))
			.withSchedule(
					SimpleScheduleBuilder.simpleSchedule().withIntervalInMilliseconds(every.toMillis()).repeatForever())
			.build();
		this.scheduler.scheduleJob(job(name, work), trigger);
		return first + asked.until(named, ChronoUnit.NANOS);
	}

	/**
	 * Run work at once, and never again.
	 */
	void run(String name, Runnable work) throws SchedulerException {
		this.scheduler.scheduleJob(job(name, work), TriggerBuilder.newTrigger().startNow().build());
	}

	private static JobDetail job(String name, Runnable work) {
		JobDataMap data = new JobDataMap();
		data.put(WORK, work);
		return JobBuilder.newJob(WorkJob.class).withIdentity(name).usingJobData(data).build();
	}

	@Override
	public void close() {
		try {
			this.scheduler.shutdown();
		}
		catch (SchedulerException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Finds its work in the data of the job.
	 */
	public static final class WorkJob implements Job {

		@Override
		public void execute(JobExecutionContext context) {
			((Runnable) context.getJobDetail().getJobDataMap().get(WORK)).run();
		}

	}

}
