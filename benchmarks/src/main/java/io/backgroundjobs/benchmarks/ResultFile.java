package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an experiment came to on one JVM: all readings, in the order of the table.
 *
 * @param experiment the name of the experiment
 * @param java the version of the JVM
 * @param date the day of the measurement
 * @param processors how many processors there were
 * @param rows the readings of each cell and quantity
 */
record ResultFile(String experiment, String java, String date, int processors, List<Row> rows) {

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	static ResultFile begin(String experiment) {
		return new ResultFile(experiment, Runtime.version().toString(), LocalDate.now(ZoneOffset.UTC).toString(),
				Runtime.getRuntime().availableProcessors(), new ArrayList<>());
	}

	static ResultFile load(Path file) {
		return JSON.readValue(file.toFile(), ResultFile.class);
	}

	void add(Cell cell, Reading reading) {
		Row row = find(cell, reading.quantity());
		if (row == null) {
			row = new Row(cell.work(), cell.contender(), reading.quantity(), reading.unit(), new ArrayList<>());
			this.rows.add(row);
		}
		row.values.add(reading.value());
	}

	/**
	 * Find what was measured of a cell.
	 */
	@Nullable Row find(Cell cell, String quantity) {
		return this.rows.stream()
			.filter((row) -> row.cell().equals(cell) && row.quantity.equals(quantity))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Add the geometric means of the medians of each contender over all works, where
	 * there are several and such a mean says something.
	 */
	ResultFile withMeans() {
		Map<Row, List<Double>> medians = new LinkedHashMap<>();
		for (Row row : this.rows) {
			Row mean = new Row("geometric mean", row.contender, row.quantity, row.unit, List.of());
			medians.computeIfAbsent(mean, (key) -> new ArrayList<>()).add(row.median());
		}
		List<Row> all = new ArrayList<>(this.rows);
		medians.forEach((mean, values) -> {
			double exponent = values.stream().mapToDouble(Math::log).average().orElseThrow();
			if (values.size() > 1 && Double.isFinite(exponent) && !mean.unit.equals("%")) {
				all.add(new Row(mean.work, mean.contender, mean.quantity, mean.unit, List.of(Math.exp(exponent))));
			}
		});
		return new ResultFile(this.experiment, this.java, this.date, this.processors, all);
	}

	void save(Path directory) throws IOException {
		Path file = directory.resolve("jdk-" + Runtime.version().feature()).resolve(this.experiment + ".json");
		Files.createDirectories(file.getParent());
		Files.writeString(file, JSON.writeValueAsString(this) + "\n");
	}

	/**
	 * One quantity of one cell.
	 *
	 * @param work what was done
	 * @param contender who did it
	 * @param quantity what was measured
	 * @param unit the unit of the values
	 * @param values the readings, in their order
	 */
	record Row(String work, String contender, String quantity, String unit, List<Double> values) {

		Cell cell() {
			return new Cell(this.work, this.contender);
		}

		double median() {
			return quantile(0.5);
		}

		/**
		 * Return the value at a fraction of the sorted ones.
		 * @param fraction 0 for the least, 0.5 for the median, 1 for the greatest
		 */
		double quantile(double fraction) {
			List<Double> sorted = this.values.stream().sorted().toList();
			double position = fraction * (sorted.size() - 1);
			int below = (int) position;
			int above = Math.min(below + 1, sorted.size() - 1);
			return sorted.get(below) + (position - below) * (sorted.get(above) - sorted.get(below));
		}

	}

}
