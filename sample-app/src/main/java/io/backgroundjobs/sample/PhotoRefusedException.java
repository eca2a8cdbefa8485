package io.backgroundjobs.sample;

import java.io.Serial;

/**
 * Thrown when the shelf does not take what was sent.
 */
class PhotoRefusedException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Reason reason;

	PhotoRefusedException(Reason reason, String message) {
		super(message);
		this.reason = reason;
	}

	Reason reason() {
		return this.reason;
	}

	/**
	 * What is wrong with it.
	 */
	enum Reason {

		/**
		 * It is of no kind that the shelf takes.
		 */
		UNSUPPORTED,

		/**
		 * It is larger than the shelf takes.
		 */
		TOO_LARGE

	}

}
