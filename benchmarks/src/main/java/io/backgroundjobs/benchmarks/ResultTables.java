package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of a document, each between two comments. The first one names the
 * experiment: {@code <!-- table spawn-burst -->}, or
 * {@code <!-- table spawn-burst, means -->} with the means over its works. There is a
 * table for each JDK that it was measured on.
 */
final class ResultTables {

	private static final Pattern TABLE = Pattern.compile("(<!-- table ([a-z-]+)(, means)? -->\n).*?(<!-- end -->)",
			Pattern.DOTALL);

	private final Path document;

	private final Path results;

	ResultTables(Path document, Path results) {
		this.document = document;
		this.results = results;
	}

	/**
	 * Put the tables into the document.
	 */
	void write() throws IOException {
		Files.writeString(this.document, withTables());
	}

	/**
	 * Refuse a document that holds other tables than those of the result files.
	 * @throws IllegalStateException if it does
	 */
	void check() throws IOException {
		if (!withTables().equals(Files.readString(this.document))) {
			throw new IllegalStateException(
					"The tables of " + this.document + " are not those of " + this.results + ": run --tables");
		}
	}

	private String withTables() throws IOException {
		String text = Files.readString(this.document);
		List<ResultFile> files = files();
		Matcher tables = TABLE.matcher(text);
		List<String> names = tables.results().map((table) -> table.group(2)).toList();
		for (ResultFile file : files) {
			if (!names.contains(file.experiment())) {
				throw new IllegalStateException(this.document + " has no place for a table of " + file.experiment());
			}
		}
		return tables
			.replaceAll((table) -> Matcher.quoteReplacement(table.group(1) + content(table, files) + table.group(4)));
	}

	private static String content(MatchResult table, List<ResultFile> files) {
		List<ResultFile> shown = files.stream().filter((file) -> file.experiment().equals(table.group(2))).toList();
		return shown.isEmpty() ? "*Not measured yet.*\n"
				: shown.stream()
					.map((file) -> new ResultTable((table.group(3) != null) ? file.withMeans() : file).markdown())
					.collect(Collectors.joining("\n"));
	}

	private List<ResultFile> files() throws IOException {
		if (!Files.exists(this.results)) {
			return List.of();
		}
		try (Stream<Path> files = Files.walk(this.results)) {
			return files.filter((file) -> file.toString().endsWith(".json"))
				.sorted(Comparator.comparing(Path::toString))
				.map(ResultFile::load)
				.toList();
		}
	}

}
