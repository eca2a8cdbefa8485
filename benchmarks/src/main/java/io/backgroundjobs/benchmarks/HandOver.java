package io.backgroundjobs.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Bursts of work, handed over by one thread or by two, to few or many threads.
 */
final class HandOver implements Experiment {

	private static final List<Load> LOADS = List.of(new Load(2, 1), new Load(2, 2), new Load(100, 1), new Load(100, 2));

	private final String name;

	private final Takers.Kind kind;

	HandOver(String name, Takers.Kind kind) {
		this.name = name;
		this.kind = kind;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public List<Cell> cells(Effort effort) {
		List<Cell> cells = new ArrayList<>();
		LOADS.subList(0, effort.of(LOADS.size(), 1))
			.forEach((load) -> this.kind.names().forEach((name) -> cells.add(new Cell(load.toString(), name))));
		return cells;
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		Load load = LOADS.stream().filter((any) -> any.toString().equals(cell.work())).findFirst().orElseThrow();
		return new JmhFork(Burst.class, effort).threads(load.producers)
			.param("kind", this.kind.name())
			.param("contender", cell.contender())
			.param("size", String.valueOf(load.size))
			.run();
	}

	@Override
	public boolean needsOwnJvm() {
		return false;
	}

	private record Load(int size, int producers) {

		@Override
		public String toString() {
			return ((this.producers == 1) ? "one producer" : this.producers + " producers") + ", pool of " + this.size;
		}

	}

}
