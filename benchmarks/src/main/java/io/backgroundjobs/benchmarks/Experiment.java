package io.backgroundjobs.benchmarks;

import java.util.List;

/**
 * A set of measurements that belong into one table.
 */
interface Experiment {

	/**
	 * Return the name by which the experiment is asked for, and its result file called.
	 */
	String name();

	/**
	 * Return what there is to measure on this JVM. The order is that of the table.
	 */
	List<Cell> cells(Effort effort);

	/**
	 * Measure a cell once.
	 * @return what came out, always the same quantities for the same work
	 * @throws Exception if it could not be measured, for which nothing makes up
	 */
	List<Reading> measure(Cell cell, Effort effort) throws Exception;

	/**
	 * Whether {@link #measure} needs a JVM that has done nothing else, and is called in
	 * one. JMH makes its own.
	 */
	default boolean needsOwnJvm() {
		return true;
	}

	/**
	 * Return options of the JVM that measures a cell.
	 */
	default List<String> jvmOptions(Cell cell) {
		return List.of();
	}

}
