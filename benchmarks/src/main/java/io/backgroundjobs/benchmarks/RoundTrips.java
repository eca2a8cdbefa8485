package io.backgroundjobs.benchmarks;

import java.util.List;

/**
 * How long it takes until a result is back from a pool at rest.
 */
final class RoundTrips implements Experiment {

	@Override
	public String name() {
		return "round-trip";
	}

	@Override
	public List<Cell> cells(Effort effort) {
		return Asked.names().stream().map((name) -> new Cell("hand over and wait", name)).toList();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		return new JmhFork(RoundTrip.class, effort).param("contender", cell.contender()).runSampling();
	}

	@Override
	public boolean needsOwnJvm() {
		return false;
	}

}
