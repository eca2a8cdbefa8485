package io.backgroundjobs.benchmarks;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.benchmarks.Options.Action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Options}.
 */
class OptionsTests {

	@Test
	void withoutOptionsAllIsMeasuredFiveTimes() {
		Options options = Options.parse();
		assertThat(options.action()).isEqualTo(Action.MEASURE);
		assertThat(options.effort()).isEqualTo(Effort.FULL);
		assertThat(options.rounds()).isEqualTo(5);
		assertThat(options.experiments()).isEmpty();
	}

	@Test
	void smokeIsOneRound() {
		Options options = Options.parse("--smoke", "idle");
		assertThat(options.effort()).isEqualTo(Effort.SMOKE);
		assertThat(options.rounds()).isEqualTo(1);
		assertThat(options.experiments()).containsExactly("idle");
	}

	@Test
	void optionsHaveValues() {
		Options options = Options.parse("--rounds=7", "--results=else/where", "--check");
		assertThat(options.rounds()).isEqualTo(7);
		assertThat(options.results()).isEqualTo(Path.of("else", "where"));
		assertThat(options.action()).isEqualTo(Action.CHECK_TABLES);
	}

	@Test
	void unknownOptionIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--smok")).withMessageContaining("--smok");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--smoke=yes"));
	}

}
