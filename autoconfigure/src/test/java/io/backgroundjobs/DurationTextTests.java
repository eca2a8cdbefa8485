package io.backgroundjobs;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DurationTextTests {

	@ParameterizedTest
	@CsvSource({ "30s, PT30S", "5m, PT5M", "250ms, PT0.25S", "2d, PT48H", "1h30m, PT1H30M", "PT1H, PT1H",
			"' 30s ', PT30S", "-30s, PT-30S", "0s, PT0S" })
	void readsDurationsAsPeopleWriteThem(String text, Duration expected) {
		assertThat(DurationText.parse("test", text)).isEqualTo(expected);
	}

	@Test
	void whenNumberHasNoUnitThenMessageNamesTheForms() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> DurationText.parse("property 'a.b'", "30"))
			.withMessage("The property 'a.b' is '30', a number without a unit")
			.satisfies((ex) -> assertThat(ex.action())
				.isEqualTo("Write '30s' for seconds, '30ms' for milliseconds or '30m' for minutes."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "P", "soon", "5 parsecs", "5x", "999999999999999999999d", "()" })
	void whenTextIsNoDurationThenIsRefused(String text) {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> DurationText.parse("property 'a.b'", text))
			.withMessage("The property 'a.b' is '" + text + "', which is not a duration")
			.satisfies((ex) -> assertThat(ex.action())
				.isEqualTo("Write a number and its unit, as in '30s', '5m', '1h30m' or 'PT1H'."));
	}

}
