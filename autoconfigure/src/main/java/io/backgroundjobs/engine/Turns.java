package io.backgroundjobs.engine;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobExceptionHandler;
import io.backgroundjobs.JobListener;
import io.backgroundjobs.JobOutcome;
import io.backgroundjobs.JobRecorder;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.RejectionReason;
import io.backgroundjobs.TickResult;

/**
 * Tells listeners, recorders and exception handlers of a job's turns. Whatever one of
 * them throws is logged, and the next one is told.
 */
final class Turns {

	private static final Logger logger = LoggerFactory.getLogger(Turns.class);

	private final JobListener[] listeners;

	/** Those of them that want to know of jobs, and not only of executors. */
	private final JobListener[] jobListeners;

	private final JobRecorder[] recorders;

	private final JobExceptionHandler[] exceptionHandlers;

	Turns(List<JobListener> listeners, List<JobRecorder> recorders, List<JobExceptionHandler> exceptionHandlers) {
		this.listeners = listeners.toArray(new JobListener[0]);
		this.jobListeners = listeners.stream().filter(Turns::isToldOfJobs).toArray(JobListener[]::new);
		this.recorders = recorders.toArray(new JobRecorder[0]);
		this.exceptionHandlers = exceptionHandlers.isEmpty() ? new JobExceptionHandler[] { Turns::log }
				: exceptionHandlers.toArray(new JobExceptionHandler[0]);
	}

	boolean hasListeners() {
		return this.jobListeners.length > 0;
	}

	void accepted(Job<?> job) {
		tell(this.jobListeners, (listener) -> listener.accepted(job));
	}

	void started(Job<?> job, long waited) {
		// Recorders are told of all this, and without an object for the message.
		for (JobRecorder recorder : this.recorders) {
			try {
				recorder.started(job, waited);
			}
			catch (Throwable ex) {
				failed(recorder, ex);
			}
		}
		if (this.jobListeners.length > 0) {
			tell(this.jobListeners, (listener) -> listener.started(job));
		}
	}

	void late(Job<?> job, long late) {
		for (JobRecorder recorder : this.recorders) {
			try {
				recorder.late(job, late);
			}
			catch (Throwable ex) {
				failed(recorder, ex);
			}
		}
	}

	void attemptFailed(Job<?> job, Throwable failure) {
		tell(this.jobListeners, (listener) -> listener.attemptFailed(job, failure));
	}

	void record(Job<?> job, JobOutcome outcome, @Nullable Throwable failure, long ran) {
		for (JobRecorder recorder : this.recorders) {
			try {
				recorder.ended(job, outcome, failure, ran);
			}
			catch (Throwable ex) {
				failed(recorder, ex);
			}
		}
	}

	void ended(Job<?> job) {
		tell(this.jobListeners, (listener) -> listener.ended(job));
	}

	void overrunLeft(Job<?> job) {
		tell(this.jobListeners, (listener) -> listener.overrunLeft(job));
	}

	void notTaken(Job<?> job, Throwable failure) {
		tell(this.exceptionHandlers, (handler) -> handler.handle(job, failure));
	}

	void executorGone(PeriodicJobHandle handle) {
		tell(this.listeners, (listener) -> listener.executorGone(handle));
	}

	void ticked(String name, TickResult result, long count) {
		for (JobRecorder recorder : this.recorders) {
			try {
				recorder.ticked(name, result, count);
			}
			catch (Throwable ex) {
				failed(recorder, ex);
			}
		}
	}

	void rejected(String pool, RejectionReason reason) {
		tell(this.recorders, (recorder) -> recorder.rejected(pool, reason));
	}

	/**
	 * Somebody who was called threw.
	 */
	static void failed(Object who, Throwable failure) {
		logger.error("{} failed; the job is not affected", who.getClass().getName(), failure);
	}

	/**
	 * Whether a listener has anything to say about jobs. One that has not need not cost
	 * each job that it is told.
	 */
	private static boolean isToldOfJobs(JobListener listener) {
		try {
			for (Method method : JobListener.class.getMethods()) {
				boolean ofJobs = !method.getName().equals("executorGone");
				if (ofJobs && listener.getClass()
					.getMethod(method.getName(), method.getParameterTypes())
					.getDeclaringClass() != JobListener.class) {
					return true;
				}
			}
			return false;
		}
		catch (NoSuchMethodException | LinkageError ex) {
			// A native image that was not told of its methods, or a type in one of them
			// that is not there: it may have any.
			return true;
		}
	}

	private static <T> void tell(T[] all, Consumer<T> message) {
		for (T one : all) {
			try {
				message.accept(one);
			}
			catch (Throwable ex) {
				failed(one, ex);
			}
		}
	}

	private static void log(Job<?> job, Throwable failure) {
		logger.error("Job '{}' ({}) in pool '{}' failed after {} attempt(s)", job.name(), job.id(), job.pool(),
				job.attempts(), failure);
	}

}
