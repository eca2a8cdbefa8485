package io.backgroundjobs.autoconfigure;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The end of a property {@code background-jobs.jobs.<name>.<attribute>}.
 */
enum JobAttribute {

	ENABLED, OPTIONAL, PAUSED, EVERY, FIXED_DELAY, CRON, ZONE, INITIAL_DELAY, JITTER, POOL, TIMEOUT, OVERLAP, MISSED,

	HEALTH_DOWN_ON("health."), HEALTH_OVERDUE_AFTER("health."), HEALTH_FAILURES("health.");

	private static final JobAttribute[] VALUES = values();

	/** As in the documentation: {@code fixed-delay}. */
	private final String dashed;

	/** As two names are compared: {@code fixeddelay}. */
	private final String uniform;

	/** As an environment variable with underscores for dashes: {@code fixed.delay}. */
	private final String dotted;

	JobAttribute() {
		this("");
	}

	/**
	 * Create an attribute.
	 * @param level the level that it lies on, as at the beginning of its name
	 */
	JobAttribute(String level) {
		String written = name().toLowerCase(Locale.ROOT).replace('_', '-');
		this.dashed = level + written.substring(level.length());
		this.uniform = this.dashed.replace("-", "");
		this.dotted = this.dashed.replace('-', '.');
	}

	String dashed() {
		return this.dashed;
	}

	/**
	 * Return how many elements the attribute adds to the name of a property.
	 */
	int elements() {
		return this.dashed.split("\\.").length;
	}

	/**
	 * Whether there may be several values, one to a property.
	 */
	boolean isList() {
		return this == HEALTH_DOWN_ON;
	}

	boolean isSchedule() {
		return this == EVERY || this == FIXED_DELAY || this == CRON;
	}

	/**
	 * Whether the attribute means something for a job that is only spawned.
	 */
	boolean appliesToSpawned() {
		return this == POOL || this == TIMEOUT || this == OPTIONAL || this == HEALTH_DOWN_ON;
	}

	/**
	 * Return what is left of a path without this attribute at its end.
	 * @param path the path below {@code background-jobs.jobs} in uniform form
	 * @param variable whether it was an environment variable
	 * @return the job's part, or {@code null} if the path does not end with this
	 * attribute
	 */
	private @Nullable String strip(String path, boolean variable) {
		if (path.endsWith("." + this.uniform)) {
			return path.substring(0, path.length() - this.uniform.length() - 1);
		}
		if (variable && path.endsWith("." + this.dotted)) {
			return path.substring(0, path.length() - this.dotted.length() - 1);
		}
		return null;
	}

	/**
	 * Cut a path in two.
	 * @param path the path below {@code background-jobs.jobs} in uniform form
	 * @param variable whether it was an environment variable
	 * @return the two parts, or {@code null} if the path does not end with an attribute
	 */
	static @Nullable Cut cut(String path, boolean variable) {
		for (JobAttribute attribute : VALUES) {
			String job = attribute.strip(path, variable);
			if (job != null && !job.isEmpty()) {
				return new Cut(job, attribute);
			}
		}
		return null;
	}

	/**
	 * The two parts of a path.
	 *
	 * @param job the job's name in uniform form
	 * @param attribute the attribute
	 */
	record Cut(String job, JobAttribute attribute) {
	}

}
