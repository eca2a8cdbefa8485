package io.backgroundjobs.process.work;

import java.util.Locale;

/**
 * How a job is handed over, and what its body does.
 */
public enum Form {

	/** Works, then writes its row. */
	PLAIN,

	/** The same, shielded. */
	SHIELDED,

	/** The same, after a pause. */
	DELAYED,

	/** Both. */
	SHIELDED_DELAYED,

	/** Fails half-way, and works again after a pause. */
	RETRYING,

	/** Returns a stage that writes its row later. */
	STAGE,

	/** Returns a Mono that writes its row later. */
	MONO,

	/** Spawns two children half-way, which are plain. */
	PARENT,

	/** Spawns its own successor before it ends. */
	ENDLESS,

	/** Swallows interrupts until its time is over, and writes nothing. */
	STUBBORN,

	/** Writes its row, then ends the JVM with status 7. */
	SYSTEM_EXIT,

	/** Writes its row, then closes the application context. */
	CONTEXT_CLOSE,

	/** Writes its row, closes the context and ends the JVM with status 5. */
	SPRING_EXIT,

	/** A loop that never asks whether to stop, and writes nothing. */
	LOOP;

	/**
	 * Return the name of such jobs.
	 */
	public String jobName() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Whether nobody but the last bound of a shutdown may end such a job.
	 */
	public boolean isShielded() {
		return this == SHIELDED || this == SHIELDED_DELAYED;
	}

}
