package io.backgroundjobs;

/**
 * How far a running job says it is.
 *
 * @param done units of work that are done; not negative
 * @param total units of work in all; at least {@code done}
 * @since 1.0.0
 */
public record JobProgress(long done, long total) {

	public JobProgress {
		if (done < 0 || total < done) {
			throw new IllegalArgumentException(
					"Progress must satisfy 0 <= done <= total, but done is " + done + " and total is " + total);
		}
	}

	/**
	 * Return the share that is done.
	 * @return a value from 0.0 to 1.0; 0.0 when the total is 0
	 */
	public double fraction() {
		return (this.total != 0) ? (double) this.done / this.total : 0.0;
	}

}
