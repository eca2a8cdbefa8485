package io.backgroundjobs.process;

import java.util.ArrayList;
import java.util.List;

/**
 * How an application's shutdown is set up, apart from the bounds of ours.
 *
 * @param name what to call it in a table
 * @param arguments the settings
 */
record Setup(String name, List<String> arguments) {

	private static final String EXECUTION = "--spring.task.execution.shutdown.await-termination";

	private static final String SCHEDULING = "--spring.task.scheduling.shutdown.await-termination";

	static final Setup DEFAULTS = new Setup("defaults", List.of());

	static final Setup PHASE_5S = new Setup("phase of 5 s",
			List.of("--spring.lifecycle.timeout-per-shutdown-phase=5s"));

	static final Setup PHASE_1S = new Setup("phase of 1 s",
			List.of("--spring.lifecycle.timeout-per-shutdown-phase=1s"));

	static final Setup EXECUTION_AWAITED = new Setup("await-termination of execution",
			List.of(EXECUTION + "=true", EXECUTION + "-period=30s"));

	static final Setup SCHEDULING_AWAITED = new Setup("await-termination of scheduling",
			List.of(SCHEDULING + "=true", SCHEDULING + "-period=30s"));

	static final Setup BOTH_AWAITED = new Setup("await-termination of both",
			List.of(EXECUTION + "=true", EXECUTION + "-period=30s", SCHEDULING + "=true", SCHEDULING + "-period=30s"));

	static final Setup VIRTUAL = new Setup("virtual threads", List.of("--spring.threads.virtual.enabled=true"));

	/**
	 * Return all set-ups that this JDK knows.
	 */
	static List<Setup> all() {
		List<Setup> all = new ArrayList<>(
				List.of(DEFAULTS, PHASE_5S, PHASE_1S, EXECUTION_AWAITED, SCHEDULING_AWAITED, BOTH_AWAITED));
		if (Runtime.version().feature() >= 21) {
			all.add(VIRTUAL);
		}
		return all;
	}

	/**
	 * Return this set-up with further settings.
	 */
	List<String> with(List<String> further) {
		List<String> all = new ArrayList<>(this.arguments);
		all.addAll(further);
		return all;
	}

	/**
	 * Return this set-up with further settings, under a name of its own.
	 */
	Setup and(String name, List<String> further) {
		return new Setup(this.name + ", " + name, with(further));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
