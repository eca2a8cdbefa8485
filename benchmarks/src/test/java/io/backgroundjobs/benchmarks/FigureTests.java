package io.backgroundjobs.benchmarks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Figure}.
 */
class FigureTests {

	@ParameterizedTest
	@CsvSource({ "ns, 0, 0 ns", "ns, 177.4, 177 ns", "ns, 1500, '1.50 µs'", "ns, -2700000, '-2.70 ms'",
			"ns, 49000000, 49 ms", "ns, 1590000000, '1.59 s'", "bytes, 80.012, 80 bytes", "bytes, 424.5, 425 bytes",
			"jobs/s, 58123, '58,100 jobs/s'", "cores, 0.24512, '0.245 cores'", "%, 99.99, '99.9 %'", "%, 100, '100 %'",
			"threads, 10, 10 threads" })
	void valueIsWrittenWithThreeDigitsInTheUnitThatReadsBest(String unit, double value, String written) {
		Figure form = Figure.of(unit, value);
		assertThat(form.digits(value) + " " + form.unit()).isEqualTo(written);
	}

	@ParameterizedTest
	@CsvSource({ "0.9115, 0.912", "1, 1.00", "0.9999, 1.00", "750.4, 750", "31250, '31,300'", "0.01234, 0.0123" })
	void ratioIsWrittenWithThreeDigits(double value, String written) {
		assertThat(Figure.ratio(value)).isEqualTo(written);
	}

}
