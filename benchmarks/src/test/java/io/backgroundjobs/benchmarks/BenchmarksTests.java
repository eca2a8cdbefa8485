package io.backgroundjobs.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Benchmarks}. That all of it can be measured is for {@code --smoke} to
 * see, which takes a minute.
 */
class BenchmarksTests {

	@Test
	void eachExperimentHasANameOfItsOwn() {
		assertThat(Benchmarks.experiments()).extracting(Experiment::name)
			.doesNotHaveDuplicates()
			.allSatisfy((name) -> assertThat(name).matches("[a-z-]+"));
	}

	@ParameterizedTest
	@EnumSource
	void eachExperimentHasCells(Effort effort) {
		boolean virtual = Runtime.version().feature() >= 21;
		assertThat(Benchmarks.experiments())
			.filteredOn((experiment) -> virtual || !experiment.name().contains("virtual"))
			.allSatisfy((experiment) -> assertThat(experiment.cells(effort)).as(experiment.name())
				.isNotEmpty()
				.doesNotHaveDuplicates());
	}

	@Test
	void unknownExperimentIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Benchmarks.experiment("spawn"))
			.withMessageContaining("spawn-burst");
	}

	@Test
	void cellIsMeasuredInAJvmOfItsOwn() throws Exception {
		Experiment stores = Benchmarks.experiment("stores");
		List<Reading> readings = new OwnJvm(stores, stores.cells(Effort.SMOKE).get(0), Effort.SMOKE).measure(List.of());
		assertThat(readings).extracting(Reading::quantity).contains("rate");
		assertThat(readings).allSatisfy((reading) -> assertThat(reading.value()).isPositive());
	}

}
