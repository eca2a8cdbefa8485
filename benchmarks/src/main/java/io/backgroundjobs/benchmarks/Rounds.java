package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures all cells of an experiment, over and over in turn.
 */
final class Rounds {

	private final Experiment experiment;

	private final Effort effort;

	private final int rounds;

	Rounds(Experiment experiment, Effort effort, int rounds) {
		this.experiment = experiment;
		this.effort = effort;
		this.rounds = rounds;
	}

	/**
	 * Measure, and write the result file after each round.
	 */
	void run(Path directory) throws Exception {
		ResultFile file = ResultFile.begin(this.experiment.name());
		List<Cell> cells = this.experiment.cells(this.effort);
		for (int round = 1; round <= this.rounds; round++) {
			for (Cell cell : cells) {
				for (Reading reading : measure(cell)) {
					file.add(cell, reading);
					System.out.printf("%s %d/%d: %s, %s: %s %.6g %s%n", this.experiment.name(), round, this.rounds,
							cell.work(), cell.contender(), reading.quantity(), reading.value(), reading.unit());
				}
			}
			save(file, directory);
		}
	}

	private List<Reading> measure(Cell cell) throws Exception {
		return this.experiment.needsOwnJvm() ? new OwnJvm(this.experiment, cell, this.effort).measure(List.of())
				: this.experiment.measure(cell, this.effort);
	}

	private void save(ResultFile file, Path directory) throws IOException {
		if (this.effort == Effort.FULL) {
			file.save(directory);
		}
	}

}
