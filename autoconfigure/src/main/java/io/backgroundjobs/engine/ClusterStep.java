package io.backgroundjobs.engine;

import java.util.Map;

import io.backgroundjobs.TickResult;

/**
 * What an instance has done for a periodic job of all instances.
 *
 * @param next where the job goes on
 * @param results what became of the instants before that
 * @since 1.0.0
 */
public record ClusterStep(ClusterPosition next, Map<TickResult, Long> results) {

	public ClusterStep {
		results = Map.copyOf(results);
	}

}
