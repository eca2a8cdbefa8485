package io.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param action what to do
 * @param effort how much time may be spent on a measurement
 * @param rounds how often each cell is measured
 * @param results where result files are
 * @param experiments the names of the experiments, none for all
 */
record Options(Action action, Effort effort, int rounds, Path results, List<String> experiments) {

	static Options parse(String... args) {
		Action action = Action.MEASURE;
		Effort effort = Effort.FULL;
		int rounds = 0;
		Path results = Path.of("benchmarks", "results");
		List<String> experiments = new ArrayList<>();
		for (String arg : args) {
			if (arg.equals("--list")) {
				action = Action.LIST;
			}
			else if (arg.equals("--tables")) {
				action = Action.WRITE_TABLES;
			}
			else if (arg.equals("--check")) {
				action = Action.CHECK_TABLES;
			}
			else if (arg.equals("--profile")) {
				action = Action.PROFILE;
			}
			else if (arg.equals("--smoke")) {
				effort = Effort.SMOKE;
			}
			else if (arg.startsWith("--rounds=")) {
				rounds = Integer.parseInt(value(arg));
			}
			else if (arg.startsWith("--results=")) {
				results = Path.of(value(arg));
			}
			else if (arg.startsWith("-")) {
				throw new IllegalArgumentException("There is no option " + arg);
			}
			else {
				experiments.add(arg);
			}
		}
		return new Options(action, effort, (rounds > 0) ? rounds : (action == Action.PROFILE) ? 1 : effort.of(5, 1),
				results, experiments);
	}

	private static String value(String arg) {
		return arg.substring(arg.indexOf('=') + 1);
	}

	/**
	 * What can be done.
	 */
	enum Action {

		/** Name the experiments. */
		LIST,

		/** Run the experiments. */
		MEASURE,

		/** See where the time of the experiments goes. */
		PROFILE,

		/** Write the tables of the documentation. */
		WRITE_TABLES,

		/** Fail if the tables of the documentation are not what the result files say. */
		CHECK_TABLES

	}

}
