package io.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs the experiments, or makes the tables of the documentation of what they left.
 *
 * <pre>
 * java -jar benchmarks/target/background-jobs-benchmarks-….jar [option…] [experiment…]
 *
 * --list         name the experiments
 * --rounds=n     how often each cell is measured (5)
 * --smoke        everything once, and so short that the figures mean nothing
 * --profile      see where the time of what is ours goes, once
 * --results=dir  where result files are (benchmarks/results)
 * --tables       write the tables of the result files into docs/performance.md
 * --check        fail if those tables are not what the result files say
 * </pre>
 *
 * Without the name of an experiment all are run. The rounds go over all cells one after
 * the other, so that whatever slows the machine down for a while meets all contenders.
 */
public final class Benchmarks {

	private static final List<Experiment> ALL = List.of(new HandOver("spawn-burst", Takers.Kind.PLAIN),
			new HandOver("spawn-burst-metered", Takers.Kind.METERED),
			new HandOver("spawn-burst-virtual", Takers.Kind.VIRTUAL), new RoundTrips(), new Stores(), new Durable(),
			Periodic.unblocked(), Periodic.blocked(), new Drift(), new Idle(), new Backlogs(), new StartUp(),
			new Signal());

	private Benchmarks() {
	}

	/**
	 * Do what is asked for.
	 * @param args options and names of experiments
	 * @throws Exception if something could not be measured
	 */
	public static void main(String[] args) throws Exception {
		Options options = Options.parse(args);
		ResultTables tables = new ResultTables(Path.of("docs", "performance.md"), options.results());
		switch (options.action()) {
			case LIST -> ALL.forEach((experiment) -> System.out.println(experiment.name()));
			case WRITE_TABLES -> tables.write();
			case CHECK_TABLES -> tables.check();
			case PROFILE -> {
				for (Experiment experiment : chosen(options.experiments())) {
					new Profiles(experiment, options.rounds()).run(options.results());
				}
			}
			case MEASURE -> {
				for (Experiment experiment : chosen(options.experiments())) {
					new Rounds(experiment, options.effort(), options.rounds()).run(options.results());
				}
			}
		}
		System.exit(0);
	}

	/**
	 * Return all experiments.
	 */
	static List<Experiment> experiments() {
		return ALL;
	}

	/**
	 * Find an experiment.
	 * @param name its name
	 * @return the experiment
	 */
	static Experiment experiment(String name) {
		return chosen(List.of(name)).get(0);
	}

	private static List<Experiment> chosen(List<String> names) {
		Set<String> known = ALL.stream().map(Experiment::name).collect(Collectors.toCollection(TreeSet::new));
		for (String name : names) {
			if (!known.contains(name)) {
				throw new IllegalArgumentException("There is no experiment '" + name + "'; there are " + known);
			}
		}
		return ALL.stream().filter((experiment) -> names.isEmpty() || names.contains(experiment.name())).toList();
	}

}
