package io.backgroundjobs.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures one cell in a JVM that does nothing else. The readings come back as lines of
 * its standard output.
 */
public final class OwnJvm {

	private static final String MARK = "reading\t";

	private final Experiment experiment;

	private final Cell cell;

	private final Effort effort;

	OwnJvm(Experiment experiment, Cell cell, Effort effort) {
		this.experiment = experiment;
		this.cell = cell;
		this.effort = effort;
	}

	/**
	 * Start the JVM, and measure there.
	 * @param jvmOptions options of that JVM beside those of the experiment
	 */
	List<Reading> measure(List<String> jvmOptions) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(javaCommand(System.getProperty("java.class.path")));
		command.addAll(jvmOptions);
		command.addAll(this.experiment.jvmOptions(this.cell));
		command.addAll(List.of(OwnJvm.class.getName(), this.experiment.name(), this.cell.work(), this.cell.contender(),
				this.effort.name()));
		Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
		List<Reading> readings = new ArrayList<>();
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				if (line.startsWith(MARK)) {
					String[] parts = line.split("\t", 4);
					readings.add(new Reading(parts[1], parts[2], Double.parseDouble(parts[3])));
				}
				else {
					System.out.println(line);
				}
			}
		}
		int status = process.waitFor();
		if (status != 0 || readings.isEmpty()) {
			throw new IllegalStateException(this.experiment.name() + ", " + this.cell + " ended with status " + status
					+ " and " + readings.size() + " readings");
		}
		return readings;
	}

	/**
	 * Return how to start a JVM like this one, up to its own options.
	 */
	static List<String> javaCommand(String classPath) {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath);
	}

	/**
	 * Measure in this JVM.
	 * @param args the experiment, the work, the contender and the effort
	 * @throws Exception if it could not be measured
	 */
	public static void main(String[] args) throws Exception {
		Experiment experiment = Benchmarks.experiment(args[0]);
		for (Reading reading : experiment.measure(new Cell(args[1], args[2]), Effort.valueOf(args[3]))) {
			System.out.println(MARK + reading.quantity() + "\t" + reading.unit() + "\t" + reading.value());
		}
		System.exit(0);
	}

}
