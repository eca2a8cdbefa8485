package io.backgroundjobs.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ResultTables}.
 */
class ResultTablesTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	private static final Path MADE_UP = Path.of("src", "test", "resources", "results");

	@TempDir
	private Path directory = Path.of("");

	private Path document = Path.of("");

	@BeforeEach
	void document() {
		this.document = this.directory.resolve("document.md");
	}

	@Test
	void theDocumentationHoldsWhatTheResultFilesSay() {
		ResultTables tables = new ResultTables(ROOT.resolve("docs/performance.md"), ROOT.resolve("benchmarks/results"));
		assertThatNoException().isThrownBy(tables::check);
	}

	@Test
	void tableOfEachJdkStandsBetweenTheMarkers() throws IOException {
		Files.writeString(this.document, """
				Before
				<!-- table made-up, means -->
				old
				<!-- end -->
				After
				""");
		ResultTables tables = new ResultTables(this.document, MADE_UP);
		tables.write();
		assertThat(this.document).content().isEqualTo("""
				Before
				<!-- table made-up, means -->
				JDK 17.0.15+6, 2 processors, 5 rounds, 2026-11-20: \
				`java -jar benchmarks/target/background-jobs-benchmarks-*.jar made-up`

				| work | contender | time | ratio | runs | ratio |
				| --- | --- | --- | --- | --- | --- |
				| one producer | background jobs | 1.20 µs (1.10 to 1.30) |  | 100 % |  |
				|  | executor | 2.40 µs | 0.500 | 89.9 % (88.8 to 100) |  |
				| 2 producers | background jobs | 300 ns |  | 100 % |  |
				|  | executor | 100 ns | 3.00 | 100 % |  |
				| geometric mean | background jobs | 600 ns |  |  |  |
				|  | executor | 490 ns | 1.22 |  |  |

				JDK 25.0.1+8, 2 processors, 1 rounds, 2026-11-21: \
				`java -jar benchmarks/target/background-jobs-benchmarks-*.jar made-up`

				| work | contender | memory | ratio |
				| --- | --- | --- | --- |
				| one producer | background jobs | 0 bytes |  |
				|  | executor | 80 bytes | 0 |
				<!-- end -->
				After
				""");
		assertThatNoException().isThrownBy(tables::check);
	}

	@Test
	void changedFigureIsFound() throws IOException {
		Files.writeString(this.document, "<!-- table made-up -->\n<!-- end -->\n");
		ResultTables tables = new ResultTables(this.document, MADE_UP);
		assertThatIllegalStateException().isThrownBy(tables::check).withMessageContaining("--tables");
		tables.write();
		Files.writeString(this.document, Files.readString(this.document).replace("1.20", "1.10"));
		assertThatIllegalStateException().isThrownBy(tables::check);
	}

	@Test
	void resultFileWithoutItsPlaceIsFound() throws IOException {
		Files.writeString(this.document, "Nothing");
		assertThatIllegalStateException().isThrownBy(new ResultTables(this.document, MADE_UP)::check)
			.withMessageContaining("made-up");
	}

	@Test
	void placeWithoutResultsSaysSo() throws IOException {
		Files.writeString(this.document, "<!-- table made-up -->\n<!-- end -->\n");
		new ResultTables(this.document, this.directory.resolve("none")).write();
		assertThat(this.document).content().contains("Not measured yet");
	}

}
