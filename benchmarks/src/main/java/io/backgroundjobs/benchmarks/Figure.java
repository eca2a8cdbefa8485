package io.backgroundjobs.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/**
 * How a value is written: with three digits, in the unit that reads best.
 *
 * @param unit the unit
 * @param size how many of the unit of the reading it has
 * @param rounding how the last digit comes about
 */
record Figure(String unit, double size, RoundingMode rounding) {

	private static final int DIGITS = 3;

	private static final List<Figure> TIMES = List.of(rounded("s", 1e9), rounded("ms", 1e6), rounded("µs", 1e3),
			rounded("ns", 1));

	/**
	 * Choose a form for values of a size.
	 * @param unit the unit of the readings
	 */
	static Figure of(String unit, double value) {
		Figure smallest = TIMES.get(TIMES.size() - 1);
		return switch (unit) {
			case "ns" -> TIMES.stream().filter((form) -> form.size <= Math.abs(value)).findFirst().orElse(smallest);
			// Cut off: 99.99 % are not 100 %.
			case "%" -> new Figure(unit, 1, RoundingMode.DOWN);
			default -> rounded(unit, 1);
		};
	}

	/**
	 * Write a ratio, with all of its digits.
	 */
	static String ratio(double value) {
		BigDecimal rounded = rounded("", 1).round(value);
		return text(rounded, (value != 0) ? decimals(rounded) : 0);
	}

	private static Figure rounded(String unit, double size) {
		return new Figure(unit, size, RoundingMode.HALF_UP);
	}

	/**
	 * Write a value without its unit, and a whole number without decimals.
	 */
	String digits(double value) {
		BigDecimal rounded = round(value / this.size);
		return text(rounded, (rounded.stripTrailingZeros().scale() > 0) ? decimals(rounded) : 0);
	}

	private BigDecimal round(double value) {
		return BigDecimal.valueOf(value).round(new MathContext(DIGITS, this.rounding));
	}

	private static int decimals(BigDecimal rounded) {
		return Math.max(0, DIGITS - rounded.precision() + rounded.scale());
	}

	private static String text(BigDecimal value, int decimals) {
		return String.format(Locale.ROOT, "%,." + decimals + "f", value);
	}

}
