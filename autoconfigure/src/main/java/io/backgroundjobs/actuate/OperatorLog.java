package io.backgroundjobs.actuate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log what somebody has done.
 *
 * @param by who it is
 */
record OperatorLog(String by) {

	private static final Logger logger = LoggerFactory.getLogger(OperatorLog.class);

	/**
	 * Add a line.
	 * @param what what was done, with a pair of braces for each value
	 */
	void add(String what, Object... values) {
		Object[] arguments = new Object[values.length + 1];
		arguments[0] = oneLine(this.by);
		for (int i = 0; i < values.length; i++) {
			arguments[i + 1] = oneLine(String.valueOf(values[i]));
		}
		logger.atInfo().log("'{}' " + what, arguments);
	}

	/**
	 * Return a text in which nobody can hide a line of the log.
	 */
	private static String oneLine(String text) {
		return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ");
	}

}
