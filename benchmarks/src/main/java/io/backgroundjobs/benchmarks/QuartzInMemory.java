package io.backgroundjobs.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
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

	private final Scheduler scheduler;

	private final Map<String, Job> jobs = new ConcurrentHashMap<>();

	QuartzInMemory() throws SchedulerException {
		this.scheduler = new StdSchedulerFactory().getScheduler();
		// Its own factory makes a new object for each run and looks for setters in it.
		this.scheduler.setJobFactory((run, by) -> this.jobs.get(run.getJobDetail().getKey().getName()));
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

	private JobDetail job(String name, Runnable work) {
		this.jobs.put(name, (run) -> work.run());
		return JobBuilder.newJob(Job.class).withIdentity(name).build();
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

}
