package io.backgroundjobs.engine;

import org.jspecify.annotations.Nullable;

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

	@Override
	default void pause() {
		pause(null, null);
	}

	@Override
	void pause(@Nullable String by, @Nullable String text);

	@Override
	default void resume() {
		resume(null, null);
	}

	@Override
	void resume(@Nullable String by, @Nullable String text);

	void startTicking();

	void stopTicking();

}
