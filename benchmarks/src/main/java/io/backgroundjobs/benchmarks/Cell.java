package io.backgroundjobs.benchmarks;

/**
 * One field of a table: who does what.
 *
 * @param work the work, in words
 * @param contender who does it, in words
 */
record Cell(String work, String contender) {

	/** The contender that the others are compared with. */
	static final String OURS = "background jobs";

}
