package io.backgroundjobs;

import java.util.Locale;

/**
 * Why a job was not accepted. {@link #toString()} is the value of the {@code reason} tag.
 *
 * @since 1.0.0
 */
public enum RejectionReason {

	/**
	 * The pool's queue had no room.
	 */
	FULL,

	/**
	 * The pool's queue had no room within the pool's overflow timeout.
	 */
	OVERFLOW_TIMEOUT,

	/**
	 * The caller was interrupted while it waited for room; its interrupt flag is set.
	 */
	INTERRUPTED,

	/**
	 * The scheduler is stopping or has stopped.
	 */
	SHUTTING_DOWN,

	/**
	 * The scheduler has not been started.
	 */
	NOT_STARTED,

	/**
	 * A live job has the same name and key, or a throttled key's period has not ended.
	 */
	DUPLICATE,

	/**
	 * There was no room, and the calling thread must not block.
	 */
	WOULD_BLOCK,

	/**
	 * The periodic job runs already, and its {@link OverlapPolicy} leaves no room.
	 */
	OVERLAP,

	/**
	 * Another instance of the application runs it.
	 */
	HELD_ELSEWHERE;

	private final String value = name().toLowerCase(Locale.ROOT).replace('_', '-');

	@Override
	public String toString() {
		return this.value;
	}

}
