package io.backgroundjobs;

/**
 * What happens to a job whose name and key a live job has already.
 *
 * @since 1.0.0
 */
public enum OnDuplicate {

	/**
	 * Refuse it with {@link RejectionReason#DUPLICATE}.
	 */
	REJECT,

	/**
	 * Return the live job instead.
	 */
	RETURN_EXISTING,

	/**
	 * Take the place of the one that has not started yet. While one runs, one may wait
	 * for it to end.
	 */
	REPLACE_PENDING

}
