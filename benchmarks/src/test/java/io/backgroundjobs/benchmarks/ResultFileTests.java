package io.backgroundjobs.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.backgroundjobs.benchmarks.ResultFile.Row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

/**
 * Tests for {@link ResultFile}.
 */
class ResultFileTests {

	private static final Cell CELL = new Cell("work", "contender");

	@Test
	void quantilesLieBetweenTheValues() {
		Row row = new Row("work", "contender", "time", "ns", List.of(40.0, 10.0, 20.0, 30.0));
		assertThat(row.quantile(0)).isEqualTo(10);
		assertThat(row.quantile(0.25)).isEqualTo(17.5);
		assertThat(row.median()).isEqualTo(25);
		assertThat(row.quantile(1)).isEqualTo(40);
	}

	@Test
	void singleValueIsEachQuantile() {
		Row row = new Row("work", "contender", "time", "ns", List.of(7.0));
		assertThat(row.quantile(0.25)).isEqualTo(7);
		assertThat(row.median()).isEqualTo(7);
		assertThat(row.quantile(0.75)).isEqualTo(7);
	}

	@Test
	void readingsOfACellComeTogether() {
		ResultFile file = ResultFile.begin("made-up");
		file.add(CELL, new Reading("time", "ns", 1));
		file.add(CELL, new Reading("memory", "bytes", 80));
		file.add(CELL, new Reading("time", "ns", 2));
		file.add(new Cell("work", "other"), new Reading("time", "ns", 3));
		assertThat(file.rows()).hasSize(3);
		assertThat(Objects.requireNonNull(file.find(CELL, "time")).values()).containsExactly(1.0, 2.0);
	}

	@Test
	void meanIsThatOfTheMediansOverAllWorks() {
		ResultFile file = ResultFile.begin("made-up");
		Stream.of(1, 100, 2).forEach((value) -> file.add(CELL, new Reading("time", "ns", value)));
		file.add(new Cell("more work", "contender"), new Reading("time", "ns", 8));
		Row mean = file.withMeans().find(new Cell("geometric mean", "contender"), "time");
		assertThat(Objects.requireNonNull(mean).median()).isEqualTo(4, offset(1e-9));
	}

	@Test
	void thereIsNoMeanOfOneWorkNorOfSharesNorWithZero() {
		ResultFile file = ResultFile.begin("made-up");
		file.add(CELL, new Reading("time", "ns", 1));
		for (String work : List.of("one", "two")) {
			file.add(new Cell(work, "contender"), new Reading("runs", "%", 100));
			file.add(new Cell(work, "contender"), new Reading("memory", "bytes", 0));
		}
		assertThat(file.withMeans()).isEqualTo(file);
	}

	@Test
	void fileIsReadAsItWasWritten(@TempDir Path directory) throws Exception {
		ResultFile file = ResultFile.begin("made-up");
		file.add(CELL, new Reading("time", "ns", 1.25));
		file.save(directory);
		Path saved = directory.resolve("jdk-" + Runtime.version().feature()).resolve("made-up.json");
		assertThat(ResultFile.load(saved)).isEqualTo(file);
	}

}
