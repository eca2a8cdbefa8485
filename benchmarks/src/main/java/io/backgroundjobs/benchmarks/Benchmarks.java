package io.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
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
			new HandOver("spawn-burst-virtual", Takers.Kind.VIRTUAL), Periodic.unblocked(), Periodic.blocked(),
			new Drift(), new Idle(), new Backlogs());

	private Benchmarks() {
	}

	/**
	 * Run what is asked for.
	 * @param args options and names of experiments
	 * @throws Exception if something could not be measured
	 */
	public static void main(String[] args) throws Exception {
		List<String> names = new ArrayList<>();
		Effort effort = Effort.FULL;
		int rounds = 5;
		Path results = Path.of("benchmarks", "results");
		for (String arg : args) {
			if (arg.equals("--list")) {
				ALL.forEach((experiment) -> System.out.println(experiment.name()));
				return;
			}
			else if (arg.equals("--smoke")) {
				effort = Effort.SMOKE;
				rounds = 1;
			}
			else if (arg.startsWith("--rounds=")) {
				rounds = Integer.parseInt(arg.substring("--rounds=".length()));
			}
			else if (arg.startsWith("--results=")) {
				results = Path.of(arg.substring("--results=".length()));
			}
			else if (arg.startsWith("--")) {
				throw new IllegalArgumentException("There is no option " + arg);
			}
			else {
				names.add(arg);
			}
		}
		for (Experiment experiment : chosen(names)) {
			new Rounds(experiment, effort, rounds).run(results);
		}
		System.exit(0);
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
