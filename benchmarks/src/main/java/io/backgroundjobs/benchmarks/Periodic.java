package io.backgroundjobs.benchmarks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How late periodic jobs are, and what they cost.
 */
final class Periodic implements Experiment {

	private final String name;

	private final Map<PeriodicLoad, List<String>> loads;

	private Periodic(String name, Map<PeriodicLoad, List<String>> loads) {
		this.name = name;
		this.loads = loads;
	}

	/**
	 * Few and many, none of which ever blocks.
	 */
	static Periodic unblocked() {
		List<String> all = List.of(Cell.OURS, Repeaters.TASK_SCHEDULER, Repeaters.SCHEDULED, Repeaters.QUARTZ);
		List<String> metered = List.of(Cell.OURS, Repeaters.METERED, Repeaters.ROOM_FOR_NEW, Repeaters.TASK_SCHEDULER,
				Repeaters.SCHEDULED, Repeaters.QUARTZ);
		List<String> many = List.of(Cell.OURS, Repeaters.ROOM_FOR_NEW, Repeaters.TASK_SCHEDULER, Repeaters.SCHEDULED,
				Repeaters.QUARTZ);
		Map<PeriodicLoad, List<String>> loads = new LinkedHashMap<>();
		loads.put(new PeriodicLoad(100, 0), all);
		loads.put(new PeriodicLoad(1_000, 0), all);
		loads.put(new PeriodicLoad(10_000, 0), metered);
		loads.put(new PeriodicLoad(100_000, 0), many);
		return new Periodic("periodic", loads);
	}

	/**
	 * Some of which block, beside the same where none does.
	 */
	static Periodic blocked() {
		List<String> all = List.of(Cell.OURS, Repeaters.TASK_SCHEDULER, Repeaters.TASK_SCHEDULER_64, Repeaters.QUARTZ);
		Map<PeriodicLoad, List<String>> loads = new LinkedHashMap<>();
		loads.put(new PeriodicLoad(10_000, 0), List.of(Cell.OURS, Repeaters.TASK_SCHEDULER_64));
		loads.put(new PeriodicLoad(10_000, 100), all);
		return new Periodic("periodic-blocking", loads);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public List<Cell> cells(Effort effort) {
		List<Cell> cells = new ArrayList<>();
		Set<String> tried = new HashSet<>();
		this.loads.forEach((load, contenders) -> {
			for (String contender : contenders) {
				if (tried.add(contender) || effort != Effort.SMOKE) {
					cells.add(new Cell(load.toString(), contender));
				}
			}
		});
		return cells;
	}

	@Override
	public List<String> jvmOptions(Cell cell) {
		return cell.contender().equals(Repeaters.ROOM_FOR_NEW) ? List.of("-Xmn1g") : List.of();
	}

	@Override
	public List<Reading> measure(Cell cell, Effort effort) throws Exception {
		PeriodicLoad load = this.loads.keySet()
			.stream()
			.filter((any) -> any.toString().equals(cell.work()))
			.findFirst()
			.orElseThrow();
		return load.measure(cell.contender(), effort);
	}

}
