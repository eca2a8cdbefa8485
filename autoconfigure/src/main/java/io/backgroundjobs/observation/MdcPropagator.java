package io.backgroundjobs.observation;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;

/**
 * Carries the mapped diagnostic context of the logs over to the jobs, and adds the job's
 * own identifier and name to it.
 *
 * @since 1.0.0
 */
public final class MdcPropagator implements JobContextPropagator {

	/** The entry that holds {@link Job#id()}. */
	public static final String JOB_ID = "jobId";

	/** The entry that holds {@link Job#name()}. */
	public static final String JOB_NAME = "jobName";

	/** Of entries among the texts of other propagators. */
	private static final String PREFIX = "mdc.";

	private static final Scope CLEARING = MDC::clear;

	private final boolean capturing;

	/**
	 * Create the propagator.
	 * @param capturing whether what the spawning thread has is carried over;
	 * {@code false} for only the job's own entries
	 */
	public MdcPropagator(boolean capturing) {
		this.capturing = capturing;
	}

	@Override
	public @Nullable Object capture() {
		return this.capturing ? entries() : null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public Scope open(@Nullable Object captured, Job<?> job) {
		Map<String, String> before = entries();
		String id = job.id();
		if (captured != null) {
			bind((Map<String, String>) captured);
			MDC.put(JOB_ID, id);
			MDC.put(JOB_NAME, job.name());
		}
		else {
			bind(Map.of(JOB_ID, id, JOB_NAME, job.name()));
		}
		return (before != null) ? () -> bind(before) : CLEARING;
	}

	@Override
	public void inject(Map<String, String> carrier) {
		Map<String, String> entries = this.capturing ? entries() : null;
		if (entries != null) {
			entries.forEach((key, value) -> {
				// Those of the spawning job are not the spawned one's.
				if (value != null && !key.equals(JOB_ID) && !key.equals(JOB_NAME)) {
					carrier.put(PREFIX + key, value);
				}
			});
		}
	}

	@Override
	public @Nullable Object extract(Map<String, String> carrier) {
		Map<String, String> entries = new HashMap<>();
		if (this.capturing) {
			carrier.forEach((key, value) -> {
				if (key.startsWith(PREFIX)) {
					entries.put(key.substring(PREFIX.length()), value);
				}
			});
		}
		return !entries.isEmpty() ? entries : null;
	}

	private static @Nullable Map<String, String> entries() {
		Map<String, String> entries = MDC.getCopyOfContextMap();
		return (entries == null || entries.isEmpty()) ? null : entries;
	}

	private static void bind(@Nullable Map<String, String> entries) {
		if (entries != null) {
			MDC.setContextMap(entries);
		}
		else {
			MDC.clear();
		}
	}

}
