package io.backgroundjobs;

import java.util.Locale;

/**
 * Where a job came from. {@link #toString()} is the value of the {@code kind} tag.
 *
 * @since 1.0.0
 */
public enum JobKind {

	/**
	 * Handed over through {@link JobSpawner}.
	 */
	SPAWNED,

	/**
	 * A run of a periodic job, whether by a tick or by
	 * {@link PeriodicJobHandle#trigger()}.
	 */
	PERIODIC,

	/**
	 * A call of a {@link BackgroundJob @BackgroundJob} method.
	 */
	ANNOTATED,

	/**
	 * The loop of a {@link BackgroundTask}.
	 */
	BACKGROUND,

	/**
	 * A job that is kept in a database until it has run.
	 */
	DURABLE;

	private final String value = name().toLowerCase(Locale.ROOT);

	@Override
	public String toString() {
		return this.value;
	}

}
