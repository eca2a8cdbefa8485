package io.backgroundjobs.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.backgroundjobs.benchmarks.ResultFile.Row;

/**
 * The table of one result file, in Markdown.
 */
final class ResultTable {

	private final ResultFile file;

	ResultTable(ResultFile file) {
		this.file = file;
	}

	String markdown() {
		Set<String> quantities = new LinkedHashSet<>(this.file.rows().stream().map(Row::quantity).toList());
		List<String> header = new ArrayList<>(List.of("work", "contender"));
		for (String quantity : quantities) {
			header.add(quantity);
			header.add("ratio");
		}
		List<String> lines = new ArrayList<>();
		lines.add(line(header));
		lines.add(line(Collections.nCopies(header.size(), "---")));
		String work = "";
		for (Cell cell : new LinkedHashSet<>(this.file.rows().stream().map(Row::cell).toList())) {
			List<String> fields = new ArrayList<>(
					List.of(cell.work().equals(work) ? "" : cell.work(), cell.contender()));
			for (String quantity : quantities) {
				Row row = this.file.find(cell, quantity);
				fields.add((row != null) ? figure(row) : "");
				fields.add((row != null) ? ratio(row) : "");
			}
			lines.add(line(fields));
			work = cell.work();
		}
		return origin() + "\n\n" + String.join("\n", lines) + "\n";
	}

	private String origin() {
		int rounds = this.file.rows().stream().mapToInt((row) -> row.values().size()).max().orElse(0);
		return "JDK " + this.file.java().replaceFirst("-.*", "") + ", " + this.file.processors() + " processors, "
				+ rounds + " rounds, " + this.file.date()
				+ ": `java -jar benchmarks/target/background-jobs-benchmarks-*.jar " + this.file.experiment() + "`";
	}

	private static String figure(Row row) {
		Figure form = Figure.of(row.unit(), row.median());
		String median = form.digits(row.median());
		String first = form.digits(row.quantile(0.25));
		String third = form.digits(row.quantile(0.75));
		String spread = (first.equals(median) && third.equals(median)) ? "" : " (" + first + " to " + third + ")";
		return (median + " " + form.unit()).trim() + spread;
	}

	private String ratio(Row row) {
		Row ours = this.file.find(new Cell(row.work(), Cell.OURS), row.quantity());
		if (ours == null || row.contender().equals(Cell.OURS) || row.median() == 0 || row.unit().equals("%")) {
			return "";
		}
		return Figure.ratio(ours.median() / row.median());
	}

	private static String line(List<String> fields) {
		return "| " + String.join(" | ", fields) + " |";
	}

}
