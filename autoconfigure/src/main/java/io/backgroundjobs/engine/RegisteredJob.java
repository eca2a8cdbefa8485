package io.backgroundjobs.engine;

import io.backgroundjobs.PeriodicJobHandle;

/**
 * A periodic job that its scheduler lets tick.
 */
interface RegisteredJob extends PeriodicJobHandle {

	void startTicking();

	void stopTicking();

}
