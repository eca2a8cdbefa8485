package io.backgroundjobs.benchmarks;

/**
 * What one measurement of a cell came to.
 *
 * @param quantity what was measured, in words
 * @param unit the unit of the value, such as {@code ns}
 * @param value the value
 */
record Reading(String quantity, String unit, double value) {
}
