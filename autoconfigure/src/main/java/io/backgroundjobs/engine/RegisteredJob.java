package io.backgroundjobs.engine;

import io.backgroundjobs.PeriodicJobHandle;

/**
 * A periodic job that its scheduler lets tick.
 */
interface RegisteredJob extends PeriodicJobHandle {

	/**
	 * The job has its name.
	 */
	default void named() {
	}

	void startTicking();

	void stopTicking();

}
