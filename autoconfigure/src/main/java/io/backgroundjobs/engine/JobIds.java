package io.backgroundjobs.engine;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the identifiers of jobs: a random prefix of 80 bits, drawn once a scheduler, and
 * a counter. Only the counter is kept in a job; the text is made when it is asked for.
 */
final class JobIds {

	private static final int RADIX = 36;

	private final AtomicLong counter = new AtomicLong();

	private final String prefix;

	JobIds() {
		byte[] random = new byte[10];
		new SecureRandom().nextBytes(random);
		this.prefix = new java.math.BigInteger(1, random).toString(RADIX) + "-";
	}

	long next() {
		return this.counter.incrementAndGet();
	}

	/**
	 * Return the number that was given last.
	 */
	long last() {
		return this.counter.get();
	}

	String text(long number) {
		// Not by an expression: what that links is slow before it is compiled, and a
		// shutdown may ask for twenty thousand.
		return this.prefix.concat(Long.toString(number, RADIX));
	}

	String prefix() {
		return this.prefix;
	}

}
