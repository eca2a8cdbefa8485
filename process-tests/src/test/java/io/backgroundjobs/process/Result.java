package io.backgroundjobs.process;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of one run.
 *
 * @param application which application ran
 * @param seed what made the load
 * @param setup how it was set up
 * @param accepted how many jobs were accepted
 * @param rows how many jobs have written their row
 * @param finished how many ended by themselves during the shutdown
 * @param cancelled how many the shutdown interrupted, and named
 * @param dropped how many the shutdown dropped, and named
 * @param lost how many are in neither the database nor the report
 * @param exit how long it took from the signal to the exit
 */
record Result(String application, long seed, String setup, int accepted, int rows, int finished, int cancelled,
		int dropped, int lost, Duration exit) {

	private static final String HEADER = "%-6s  %-49s  %9s  %8s  %5s  %8s  %9s  %7s  %4s  %8s";

	private static final String ROW = "%-6s  %-49s  %9s  %8d  %5d  %8d  %9d  %7d  %4d  %8d";

	static Result of(String application, long seed, Setup setup, Collection<String> accepted, Remains remains,
			Duration exit) {
		return new Result(application, seed, setup.name(), accepted.size(), remains.rows().size(),
				count(remains, "finished"), count(remains, "cancelled"), count(remains, "dropped"),
				remains.lost(accepted).size(), exit);
	}

	private static int count(Remains remains, String fate) {
		return (int) remains.fate(fate).stream().filter((entry) -> entry.kind().equals("spawned")).count();
	}

	/**
	 * Return a table of the sums, a line for each application and set-up.
	 */
	static String summary(List<Result> results) {
		Map<String, List<Result>> groups = results.stream()
			.collect(Collectors.groupingBy((result) -> result.application() + "\t" + result.setup(), TreeMap::new,
					Collectors.toList()));
		return Stream
			.concat(Stream.of(HEADER.formatted("", "set-up", "runs", "accepted", "rows", "finished", "cancelled",
					"dropped", "lost", "ms (max)")), groups.values().stream().map(Result::sum))
			.collect(Collectors.joining("\n"));
	}

	private static String sum(List<Result> group) {
		return new Result(group.get(0).application(), group.size(), group.get(0).setup(),
				group.stream().mapToInt(Result::accepted).sum(), group.stream().mapToInt(Result::rows).sum(),
				group.stream().mapToInt(Result::finished).sum(), group.stream().mapToInt(Result::cancelled).sum(),
				group.stream().mapToInt(Result::dropped).sum(), group.stream().mapToInt(Result::lost).sum(),
				group.stream().map(Result::exit).max(Duration::compareTo).orElseThrow())
			.toString();
	}

	@Override
	public String toString() {
		return ROW.formatted(this.application, this.setup, this.seed, this.accepted, this.rows, this.finished,
				this.cancelled, this.dropped, this.lost, this.exit.toMillis());
	}

}
