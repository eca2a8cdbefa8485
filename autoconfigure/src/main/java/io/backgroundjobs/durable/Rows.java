package io.backgroundjobs.durable;

import java.time.Instant;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.schedule.Schedule;
import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobKey;

/**
 * What the columns of a row mean.
 */
final class Rows {

	/** When a job is due that has failed for good: never. */
	static final Instant NEVER = Schedule.NEVER;

	/**
	 * The name of the rows of periodic jobs, whose instances are the jobs' names. No job
	 * can have it.
	 */
	static final String PERIODIC = "periodic:";

	private static final String KEY = "key:";

	private Rows() {
	}

	/**
	 * Return the instance of a job that has a key.
	 */
	static String instance(JobKey key) {
		return KEY + key.value();
	}

	static TaskInstance<byte[]> row(String name, String instance, byte @Nullable [] data, int priority) {
		return new TaskInstance.Builder<byte[]>(name, instance).data(data).priority(priority).build();
	}

	static boolean hasFailed(Instant due) {
		return !due.isBefore(NEVER);
	}

}
