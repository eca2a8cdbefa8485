package io.backgroundjobs.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.backgroundjobs.process.work.Form;

/**
 * What a process leaves behind: rows in its database, and files.
 *
 * @param rows the identifiers of the jobs that wrote a row; more than once if they did so
 * @param accepted the names of the jobs that were accepted, by identifier, as the
 * application was told
 * @param reports how many shutdowns were reported
 * @param report what became of the jobs that the shutdown found, by identifier
 * @param failures a line for each failure, with all its causes
 * @param stops which beans of a lower phase were stopped, in this order, and how many
 * jobs were live then
 */
record Remains(List<String> rows, Map<String, String> accepted, int reports, Map<String, Entry> report,
		List<String> failures, List<String> stops) {

	/**
	 * Read what a process that has ended left in its directory.
	 */
	static Remains of(Path directory) throws SQLException {
		List<String[]> report = lines(directory, "report");
		return new Remains(rows(directory), accepted(directory),
				(int) report.stream().filter((line) -> line.length == 1).count(),
				report.stream()
					.filter((line) -> line.length > 1)
					.map(Entry::new)
					.collect(Collectors.toMap(Entry::id, Function.identity(), Remains::twice, LinkedHashMap::new)),
				lines(directory, "failures").stream().map((line) -> String.join("\n\tby ", line)).toList(),
				lines(directory, "stops").stream().map((line) -> String.join(" ", line)).toList());
	}

	private static <T> T twice(T first, T second) {
		throw new AssertionError("Reported twice: " + first + ", " + second);
	}

	private static Map<String, String> accepted(Path directory) {
		Map<String, String> accepted = new LinkedHashMap<>();
		lines(directory, "accepted").forEach((line) -> accepted.merge(line[0], line[1], Remains::twice));
		return accepted;
	}

	private static List<String> rows(Path directory) throws SQLException {
		List<String> ids = new ArrayList<>();
		try (Connection connection = DriverManager
			.getConnection("jdbc:h2:file:" + directory.resolve("work") + ";IFEXISTS=TRUE", "sa", "");
				ResultSet rows = connection.createStatement().executeQuery("select id from work order by at")) {
			while (rows.next()) {
				ids.add(rows.getString(1));
			}
		}
		return ids;
	}

	private static List<String[]> lines(Path directory, String file) {
		Path path = directory.resolve(file);
		if (!Files.exists(path)) {
			return List.of();
		}
		return ApplicationProcess.read(path).lines().map((line) -> line.split("\t")).toList();
	}

	/**
	 * Return those of some jobs that neither wrote a row nor are in the report.
	 */
	List<String> lost(Collection<String> jobs) {
		return jobs.stream().filter((id) -> !this.rows.contains(id) && !this.report.containsKey(id)).toList();
	}

	/**
	 * Return the jobs that the report has with a fate.
	 */
	List<Entry> fate(String fate) {
		return this.report.values().stream().filter((entry) -> entry.fate().equals(fate)).toList();
	}

	/**
	 * Return what became of all jobs that the shutdown found.
	 */
	List<String> fates() {
		return this.report.values().stream().map(Entry::fate).toList();
	}

	/**
	 * Return what became of the jobs of a form.
	 */
	List<String> fates(Form form) {
		return this.report.values()
			.stream()
			.filter((entry) -> entry.name().equals(form.jobName()))
			.map(Entry::fate)
			.toList();
	}

	/**
	 * Return the failures that a closed database made.
	 */
	List<String> failuresByClosedDatabase() {
		return this.failures.stream().filter((failure) -> failure.contains("closed")).toList();
	}

	/**
	 * A job of the report.
	 *
	 * @param id its identifier
	 * @param name its name
	 * @param kind where it came from
	 * @param fate what became of it
	 * @param outcome how it ended, or {@code null}
	 * @param stackDepth how many frames of its stack the report shows
	 */
	record Entry(String id, String name, String kind, String fate, String outcome, int stackDepth) {

		Entry(String[] line) {
			this(line[0], line[1], line[2], line[3], line[4], Integer.parseInt(line[5]));
		}

	}

}
