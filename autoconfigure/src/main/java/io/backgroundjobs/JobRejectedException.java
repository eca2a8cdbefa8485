package io.backgroundjobs;

import java.io.Serial;

import org.springframework.core.task.TaskRejectedException;

/**
 * Thrown when a job is not accepted. Nothing of the job is left behind.
 *
 * @since 1.0.0
 */
public class JobRejectedException extends TaskRejectedException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final RejectionReason reason;

	private final String pool;

	/**
	 * Create the exception.
	 * @param reason why the job was not accepted
	 * @param pool the pool that the job was for
	 * @param message what happened, for people to read
	 */
	public JobRejectedException(RejectionReason reason, String pool, String message) {
		super(message);
		this.reason = reason;
		this.pool = pool;
	}

	/**
	 * Return why the job was not accepted.
	 * @return the reason
	 */
	public RejectionReason reason() {
		return this.reason;
	}

	/**
	 * Return the pool that the job was for.
	 * @return the name of the pool
	 */
	public String pool() {
		return this.pool;
	}

}
