package io.backgroundjobs.benchmarks;

import java.util.Properties;

import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Quartz with its store in memory: a job and a trigger for each.
 */
final class QuartzStore implements JobStore {

	private final Scheduler scheduler;

	QuartzStore() throws SchedulerException {
		Properties properties = new Properties();
		properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
		properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
		properties.setProperty("org.quartz.threadPool.threadCount", String.valueOf(THREADS));
		// Its documentation: more is more efficient where very many triggers fire at
		// once.
		properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(THREADS));
		this.scheduler = new StdSchedulerFactory(properties).getScheduler();
		this.scheduler.start();
	}

	@Override
	public void add(long number) throws SchedulerException {
		String name = String.valueOf(number);
		this.scheduler.scheduleJob(JobBuilder.newJob(Arrival.class).withIdentity(name).build(),
				TriggerBuilder.newTrigger().withIdentity(name).startNow().build());
	}

	@Override
	public void close() throws SchedulerException {
		this.scheduler.shutdown();
	}

	/**
	 * What Quartz makes an instance of for each run.
	 */
	public static final class Arrival implements Job {

		@Override
		public void execute(JobExecutionContext context) {
			Arrivals.arrive(Long.parseLong(context.getJobDetail().getKey().getName()));
		}

	}

}
